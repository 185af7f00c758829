//! What settings take, refuse, and say about it.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

mod errors;
mod files;
mod layers;
mod publishing;
mod reloads;
mod secret_values;
mod voices;
mod writers;

const HOME: (&str, &str) = ("HOME", "/home/desk");

fn env(vars: &[(&str, &str)]) -> Env {
    Env::new(
        std::iter::once(&HOME).chain(vars).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    )
}

fn sources(text: &str, vars: &[(&str, &str)]) -> Sources {
    Sources { file: Some((PathBuf::from("wirereport.toml"), text.to_owned())), env: env(vars) }
}

fn read(text: &str, vars: &[(&str, &str)]) -> Settings {
    load(&sources(text, vars)).unwrap_or_else(|errors| panic!("{errors}")).settings
}

fn refused(text: &str, vars: &[(&str, &str)]) -> String {
    load(&sources(text, vars)).expect_err("these settings are wrong").to_string()
}

fn defaults() -> Settings {
    load(&Sources { file: None, env: env(&[]) }).expect("the defaults are right").settings
}
