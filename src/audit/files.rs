//! Who may read and write an installation's files.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{Finding, Severity};

/// What a file is, and so who may do what with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It holds secrets: nobody else may read it.
    Secret,
    /// It decides what the service does: nobody else may write it.
    Settings,
    /// The socket: whoever may write it may do everything.
    Socket,
    /// The ledger or its directory.
    State,
}

/// Looks at one file, if it is there. `us` is the user that the service runs as.
pub fn files(path: &Path, kept: Kept, us: u32) -> Vec<Finding> {
    match path.metadata() {
        Ok(found) => look(path, kept, &found, us),
        Err(_) => Vec::new(),
    }
}

fn look(path: &Path, kept: Kept, found: &Metadata, us: u32) -> Vec<Finding> {
    let shown = path.display().to_string();
    let mode = found.mode() & 0o7777;
    let mut findings = Vec::new();
    let mut find = |severity, what: String, mend: String| {
        findings.push(Finding { severity, check: "permissions", place: shown.clone(), what, mend });
    };
    let private = if found.is_dir() { "700" } else { "600" };
    match kept {
        Kept::Secret if mode & 0o077 != 0 => find(
            Severity::High,
            format!("it holds a secret, and other users may read or write it (mode {mode:04o})"),
            format!("chmod {private} {shown}"),
        ),
        Kept::Socket if mode & 0o077 != 0 => find(
            Severity::High,
            format!("its permissions are the authentication, and other users may open it (mode {mode:04o})"),
            format!("chmod 600 {shown}"),
        ),
        Kept::Settings if mode & 0o022 != 0 => find(
            Severity::High,
            format!("other users may change what the service does (mode {mode:04o})"),
            format!("chmod go-w {shown}"),
        ),
        Kept::State if mode & 0o022 != 0 => find(
            Severity::High,
            format!("other users may change what the service knows (mode {mode:04o})"),
            format!("chmod {private} {shown}"),
        ),
        Kept::State if mode & 0o044 != 0 && found.is_dir() => find(
            Severity::Medium,
            format!("other users may look into it (mode {mode:04o})"),
            format!("chmod {private} {shown}"),
        ),
        _ => {}
    }
    if found.uid() != us && found.uid() != 0 {
        find(
            if kept == Kept::State { Severity::Medium } else { Severity::High },
            format!("it belongs to user {}, who may change it at will", found.uid()),
            format!("chown {us} {shown}"),
        );
    }
    findings
}
