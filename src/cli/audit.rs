//! `wirereport audit`: what of this installation is open that should not be.

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use secrecy::ExposeSecret;
use wirereport_actors::ports::clock::Clock;

use super::Place;
use super::connect::reader;
use super::exit::{Exit, Failure};
use super::settings::{load, sources};
use super::text::{BAD, DIM, GOOD, WARN, paint, print, print_json};
use crate::api::auth::TokenKeys;
use crate::api::socket;
use crate::audit::{Finding, Kept, Report, Severity, exposure, files, log, tokens, tree, unit};
use crate::clock::SystemClock;
use crate::ledger::access::TokenRecord;
use crate::run::LEDGER;
use crate::settings::secrets::{GENERATED, KEY_FILE, default_places, generated, signing_keys};
use crate::settings::{Env, Loaded};

/// Where the unit is looked for when nobody names it.
const UNIT: &str = "/etc/systemd/system/wirereport.service";

/// Look for what is open that should not be: permissions, ports, tokens, settings, the unit, secrets in files and logs.
///
/// It leaves by code 1 if something is of high severity. Each finding says how to mend it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Also look for hard-coded secrets in this file or tree; may be given several times.
    #[arg(long, value_name = "PATH")]
    tree: Vec<PathBuf>,
    /// Also look for secrets in this log; `-` is standard input, for `journalctl -u wirereport | …`; may be given several
    /// times.
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
    /// The systemd unit [default: /etc/systemd/system/wirereport.service, if it is there]
    #[arg(long, value_name = "FILE")]
    unit: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let loaded = load(place)?;
    let env = sources(place)?.env;
    let mut report = Report::default();
    report.add(of_files(&loaded, &env));
    of_tokens(place, &loaded, &env, &mut report).await;
    of_logs(&args.log, &env, &mut report)?;
    of_trees(&args.tree, &mut report)?;
    of_unit(args.unit.as_deref(), &mut report);
    if args.json {
        print_json(&report)?;
    } else {
        print(&render(&report))?;
    }
    match report.findings.iter().filter(|finding| finding.severity == Severity::High).count() {
        0 => Ok(()),
        1 => Err(Failure::new(Exit::Failed, "1 finding is of high severity; mend it now")),
        high => Err(Failure::new(
            Exit::Failed,
            format_args!("{high} findings are of high severity; mend them now"),
        )),
    }
}

fn of_files(loaded: &Loaded, env: &Env) -> Vec<Finding> {
    let state = &loaded.settings.state_dir;
    // The service's own user is whoever owns its state; before its first start, whoever asks.
    let owner = |path: &Path| path.metadata().map(|found| found.uid()).ok();
    let us = owner(state).or_else(|| owner(Path::new("/proc/self"))).unwrap_or_default();
    let mut findings = Vec::new();
    let mut look = |path: &Path, kept| findings.extend(files(path, kept, us));
    if let Some(file) = &loaded.file {
        look(file, Kept::Settings);
    }
    look(Path::new(".env"), Kept::Secret);
    look(state, Kept::State);
    look(&state.join(LEDGER), Kept::State);
    look(&socket::path(state), Kept::Socket);
    look(&state.join(GENERATED), Kept::Secret);
    let named = loaded.settings.secrets.key_file.clone();
    let keys: std::collections::BTreeSet<PathBuf> = named.into_iter().chain(default_places(loaded)).collect();
    keys.iter().for_each(|path| look(path, Kept::Secret));
    env.secret_files().filter(|path| !path.ends_with(KEY_FILE)).for_each(|path| look(&path, Kept::Secret));
    findings
}

async fn of_tokens(place: &Place, loaded: &Loaded, env: &Env, report: &mut Report) {
    let keys = match signing_keys(loaded, env) {
        Ok(Some(keys)) => Some(keys),
        Ok(None) if loaded.settings.state_dir.join(GENERATED).exists() => {
            generated(&loaded.settings.state_dir).map_err(|error| report.add([weak_key(&error)])).ok()
        }
        Ok(None) => None,
        Err(errors) => {
            report.add([weak_key(&errors)]);
            None
        }
    };
    let keys = keys.map(|keys| TokenKeys::new(&keys));
    let listed: Result<Vec<TokenRecord>, _> =
        async { Ok::<_, Failure>(reader(place).await?.get("/v1/tokens").await?) }.await;
    let good = match listed {
        Ok(listed) => {
            let now: Timestamp = SystemClock.now();
            report.add(tokens(&listed, keys.as_ref().map(TokenKeys::current), now));
            let good = |token: &&TokenRecord| token.revoked_at.is_none() && token.expires_at > now;
            Some(listed.iter().filter(good).count())
        }
        // Before the first start there is no ledger, and so no token.
        Err(failure) if failure.exit == Exit::NotRunning => Some(0),
        Err(failure) => {
            report.notes.push(format!("tokens were not looked at: {failure}"));
            None
        }
    };
    report.add(exposure(&loaded.settings, good));
}

fn weak_key(error: &dyn std::fmt::Display) -> Finding {
    Finding {
        severity: Severity::High,
        check: "token",
        place: "the signing key".to_owned(),
        what: error.to_string(),
        mend: "mend it as it says; the service does not start with it".to_owned(),
    }
}

fn of_logs(logs: &[PathBuf], env: &Env, report: &mut Report) -> Result<(), Failure> {
    let values: Vec<String> = env.secrets().map(|secret| secret.expose_secret().to_owned()).collect();
    for path in logs {
        let shown = path.display().to_string();
        let mut bytes = Vec::new();
        let read = match shown.as_str() {
            "-" => std::io::stdin().read_to_end(&mut bytes),
            _ => std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
        };
        read.map_err(|error| Failure::failed(format_args!("cannot read the log {shown}: {error}")))?;
        report.add(log(&shown, &String::from_utf8_lossy(&bytes), &values));
    }
    Ok(())
}

fn of_trees(trees: &[PathBuf], report: &mut Report) -> Result<(), Failure> {
    for root in trees {
        if let Err(error) = root.metadata() {
            return Err(Failure::failed(format_args!("cannot read {}: {error}", root.display())));
        }
        let scanned = tree(root);
        report.notes.push(format!("{} files of {} were read", scanned.files, root.display()));
        report.add(scanned.findings);
    }
    Ok(())
}

fn of_unit(named: Option<&Path>, report: &mut Report) {
    let path = match named {
        Some(path) => path,
        None if Path::new(UNIT).exists() => Path::new(UNIT),
        None => return report.notes.push(format!("there is no unit at {UNIT}; name one with --unit")),
    };
    let (findings, note) = unit(path);
    report.add(findings);
    report.notes.extend(note);
}

fn render(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let style = match finding.severity {
            Severity::High => BAD,
            Severity::Medium => WARN,
            Severity::Low => DIM,
        };
        let severity = paint(style, format_args!("{:<6}", finding.severity.as_str()));
        text.push_str(&format!(
            "{severity}  {}: {}\n        → {}\n",
            finding.place, finding.what, finding.mend
        ));
    }
    for note in &report.notes {
        text.push_str(&paint(DIM, format_args!("note    {note}")));
        text.push('\n');
    }
    if report.findings.is_empty() {
        text.push_str(&paint(GOOD, "nothing is open that should not be"));
        text.push('\n');
    }
    text
}
