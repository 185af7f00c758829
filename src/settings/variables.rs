//! The environment variables that override settings: `WIREREPORT_SECTION__KEY`.

use std::collections::BTreeMap;

use super::sources::Env;
use super::tree::{self, Node};

const PREFIX: &str = "WIREREPORT_";

/// Variables with the prefix that are no settings.
const OTHERS: &[&str] = &[
    "WIREREPORT_CONFIG",
    "WIREREPORT_ENV",
    "WIREREPORT_URL",
    "WIREREPORT_TOKEN",
    "WIREREPORT_CORPUS",
    #[cfg(debug_assertions)]
    crate::crash::VARIABLES[0],
    #[cfg(debug_assertions)]
    crate::crash::VARIABLES[1],
    #[cfg(debug_assertions)]
    crate::crash::VARIABLES[2],
];

/// A short name of `log.level`, which wins over the long one.
const LOG: &str = "WIREREPORT_LOG";
const LOG_LEVEL: [&str; 2] = ["LOG", "LEVEL"];

/// Variables by the path they spell, each with its name and its value.
pub(super) type Variables = BTreeMap<Vec<String>, (String, Node)>;

pub(super) fn read(env: &Env) -> Variables {
    let mut variables = Variables::new();
    for (name, value) in env.iter() {
        if describes_a_service(name, value) {
            continue;
        }
        let Some(path) = path(name) else { continue };
        if name != LOG && path == LOG_LEVEL && env.given(LOG).is_some() || name == LOG && value.is_empty() {
            continue;
        }
        let node = tree::parse_variable(value, &env.origin(name));
        variables.insert(path, (name.to_owned(), node));
    }
    variables
}

/// Whether Kubernetes or a Docker link set the variable: for a service that is called `wirereport` they set
/// `WIREREPORT_SERVICE_HOST`, `WIREREPORT_PORT=tcp://…`, `WIREREPORT_PORT_8000_TCP_ADDR` and the like.
fn describes_a_service(name: &str, value: &str) -> bool {
    let numbered = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    name.contains("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.split_once("_PORT_").is_some_and(|(_, rest)| numbered(rest))
        || (name.ends_with("_PORT") && value.contains("://"))
}

fn path(name: &str) -> Option<Vec<String>> {
    if name == LOG {
        return Some(LOG_LEVEL.map(str::to_owned).to_vec());
    }
    if OTHERS.contains(&name) {
        return None;
    }
    Some(name.strip_prefix(PREFIX)?.split("__").map(str::to_owned).collect())
}

/// The variable that spells a path.
pub(super) fn name(path: &[String]) -> String {
    format!("{PREFIX}{}", path.join("__"))
}

/// A key as a variable spells it: `eng.1` is `ENG_1`.
pub(super) fn spelled(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
