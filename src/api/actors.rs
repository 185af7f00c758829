//! Which actor an operator means.

use axum::http::StatusCode;
use wirereport_actors::supervision::{ChildStatus, CommandError};

use super::problem::Problem;
use crate::settings::nearest;

/// The path of the actor that is called `name`: by its path, or by its name where only one has it.
pub(super) fn path_of(name: &str, tree: &[ChildStatus]) -> Result<String, Problem> {
    let mut paths = Vec::new();
    collect("", tree, &mut paths);
    if paths.iter().any(|path| path == name) {
        return Ok(name.to_owned());
    }
    let mut meant: Vec<String> = paths.iter().filter(|path| last_part(path) == name).cloned().collect();
    match meant.len() {
        0 => Err(unknown(name, &paths)),
        1 => Ok(meant.remove(0)),
        _ => Err(CommandError::Ambiguous { name: name.to_owned(), paths: meant }.into()),
    }
}

fn unknown(name: &str, paths: &[String]) -> Problem {
    let known = paths.iter().flat_map(|path| [last_part(path), path.as_str()]);
    let advice = match nearest(name, known) {
        Some(meant) => format!("did you mean {meant}?"),
        None => "`wirereport actor list` lists them".to_owned(),
    };
    Problem::new(StatusCode::NOT_FOUND, format!("no actor is called {name}; {advice}"))
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn collect(above: &str, children: &[ChildStatus], paths: &mut Vec<String>) {
    for child in children {
        let path = format!("{above}{}", child.name);
        collect(&format!("{path}/"), &child.children, paths);
        paths.push(path);
    }
}
