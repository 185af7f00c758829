//! Hard-coded secrets in a tree of files.
//!
//! A secret is known by its looks, or by standing as a value beside a name such as `api_key` and being as random as
//! nothing that people write. What is a placeholder, or what a comment allows (`pragma: allowlist secret`, as other
//! scanners have it), is none. What stands in tests is worth a look and no alarm.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::{Finding, Severity};
use crate::settings::secrets::looks_like_a_placeholder;
use crate::telemetry::patterns::{self, Look};

/// Larger files are data and no source.
const LARGEST: u64 = 1 << 20;
/// Longer lines were written by programs.
const LONGEST_LINE: usize = 2000;
const SKIPPED_FOLDERS: [&str; 7] = [".git", "target", "node_modules", ".venv", "__pycache__", ".hg", ".svn"];
const SKIPPED_ENDS: [&str; 14] = [
    ".lock",
    ".sum",
    ".snap",
    ".svg",
    ".min.js",
    ".map",
    ".ipynb",
    ".pem.pub",
    ".crt",
    ".csv",
    ".jsonl",
    ".wasm",
    "-lock.json",
    ".cargo_vcs_info.json",
];
/// Ends of files whose values stand without quotation marks.
const BARE_ENDS: [&str; 9] =
    [".env", ".ini", ".cfg", ".conf", ".properties", ".yaml", ".yml", ".service", ".toml"];
const ALLOWED: [&str; 3] = ["pragma: allowlist secret", "gitleaks:allow", "nosecret"];
/// Bits for each sign: words have about 3, base64 of random bytes has nearly 5 at this length.
const RANDOM: f64 = 3.6;

static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i-u)(?:secret|token|passwd|password|passphrase|api_?key|access_?key|private_?key|signing_?key|credential)[a-z0-9_]{0,20}["']?(?:[ \t]{0,3}:[ \t]{0,3}[&'a-z][&'a-z0-9_<>:\[\]; ]{1,30})?[ \t]{0,3}(?::=|=>|=|:)[ \t]{0,3}(?P<open>["'])?(?P<value>[A-Za-z0-9+/=_~-]{16,200})(?P<close>["'])?(?-i)(?P<next>[ -~]?)"#,
    )
    .ok()
});

/// What a scan came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    /// How many files were read.
    pub files: usize,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Reads every file of a tree that may be somebody's text. Links are not followed.
pub fn tree(root: &Path) -> Scanned {
    let mut scanned = Scanned::default();
    let mut folders = vec![root.to_owned()];
    if root.is_file() {
        folders.clear();
        read(root, &mut scanned);
    }
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let Ok(kind) = path.symlink_metadata() else { continue };
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if kind.is_dir() && !SKIPPED_FOLDERS.contains(&name.as_ref()) {
                folders.push(path);
            } else if kind.is_file() && kind.len() <= LARGEST {
                read(&path, &mut scanned);
            }
        }
    }
    scanned.findings.sort();
    scanned
}

fn read(path: &Path, scanned: &mut Scanned) {
    let name = path.to_string_lossy();
    if SKIPPED_ENDS.iter().any(|end| name.ends_with(end)) {
        return;
    }
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(path);
    if opened.and_then(|file| file.take(LARGEST).read_to_end(&mut bytes)).is_err() || bytes.contains(&0) {
        return;
    }
    scanned.files += 1;
    scanned.findings.extend(text(&name, &String::from_utf8_lossy(&bytes)));
}

/// What one file's text holds.
fn text(name: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut in_tests = of_tests(name);
    let mut allowed_above = false;
    for (index, line) in text.lines().enumerate() {
        in_tests = in_tests || line.contains("#[cfg(test)]");
        let allowed = ALLOWED.iter().any(|word| line.contains(word));
        let looked_at = !allowed && !allowed_above && line.len() <= LONGEST_LINE;
        if let Some((what, sure)) = looked_at.then(|| in_line(name, line)).flatten() {
            let severity = match (sure, in_tests) {
                (_, true) => Severity::Low,
                (true, false) => Severity::High,
                (false, false) => Severity::Medium,
            };
            findings.push(found(format!("{name}:{}", index + 1), &what, severity));
        }
        // A comment of its own is about the line below.
        allowed_above = allowed && line.trim_start().starts_with(['#', '/', '*', ';', '-', '<']);
    }
    findings
}

fn found(place: String, what: &str, severity: Severity) -> Finding {
    let mend = match severity {
        Severity::Low => "if it is real, replace it where it was made, and take it out",
        _ => {
            "replace it where it was made, since it stays in the history; name a variable here and keep it in .env. If it is \
             none, say so in a comment: pragma: allowlist secret"
        }
    };
    Finding { severity, check: "hard_coded_secret", place, what: what.to_owned(), mend: mend.to_owned() }
}

/// What a line holds, and whether that is beyond doubt.
fn in_line(name: &str, line: &str) -> Option<(String, bool)> {
    let looks = patterns::found_in(line).find(|(look, range)| is_real(*look, &line[range.clone()]));
    if let Some((look, _)) = looks {
        return Some((format!("{} stands there", look.name), !is_loose(look)));
    }
    let found = NAMED.as_ref()?.captures(line)?;
    let value = found.name("value")?.as_str();
    let quoted = found.name("open").is_some() && found.name("close").is_some();
    let bare = BARE_ENDS.iter().any(|end| name.ends_with(end)) || name.contains("/.env");
    let next = found.name("next").map_or("", |next| next.as_str());
    let ends = quoted || bare && found.name("open").is_none() && matches!(next, "" | " " | "\t" | "#");
    (ends && is_random(value))
        .then(|| ("a random value stands there, under a secret's name".to_owned(), true))
}

/// Whether a look alone proves little: people show them in what they explain.
fn is_loose(look: Look) -> bool {
    ["a password in a URL", "a secret in a query", "credentials in a header"].contains(&look.name)
}

fn is_real(look: Look, value: &str) -> bool {
    // A bot's number may be any.
    let value =
        if look.name == "a Telegram bot's token" { value.rsplit(':').next().unwrap_or(value) } else { value };
    if looks_like_a_placeholder(value) || is_an_example(value) {
        return false;
    }
    match look.name {
        "a private key" => true,
        "a password in a URL" => {
            let password = value.split_once(':').map_or("", |(_, password)| password);
            !looks_like_a_placeholder(password)
                && password.len() >= 8
                && !password.starts_with(['$', '{', '%', '*', '<', '['])
                && entropy(password) >= 3.0
        }
        _ if value.starts_with("eyJ") => {
            value.split('.').nth(2).is_some_and(|signature| signature.len() >= 32)
        }
        "a secret in a query" | "credentials in a header" => value.len() >= 20 && is_random(value),
        _ => entropy(value) >= 3.0,
    }
}

/// Values from manuals say so, or go on in alphabetical order.
fn is_an_example(value: &str) -> bool {
    const WORDS: [&str; 10] =
        ["example", "sample", "dummy", "fake", "redacted", "xxxx", "00000000", "changeit", "your", "notreal"];
    let low = value.to_ascii_lowercase();
    let signs: Vec<u8> = low.bytes().collect();
    WORDS.iter().any(|word| low.contains(word))
        || signs.windows(6).any(|run| run.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)))
        || signs.windows(6).any(|run| run.windows(2).all(|pair| pair[1] == pair[0]))
}

/// Whether a value is as random as nothing that people write: letters and digits mixed, and no words.
fn is_random(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.bytes().filter(test).count();
    let (digits, letters) = (has(u8::is_ascii_digit), has(u8::is_ascii_alphabetic));
    let hex = value.bytes().all(|sign| sign.is_ascii_hexdigit() || sign == b'-');
    let enough = if hex { 3.0 } else { RANDOM };
    !looks_like_a_placeholder(value)
        && !is_an_example(value)
        && digits >= 2
        && letters >= 2
        && !is_words(value)
        && entropy(value) >= enough
}

/// Whether it is made of words: `access-token-for-x`, `get_token_v2_endpoint`, `some/path/to/it`.
fn is_words(value: &str) -> bool {
    let parts = value.split(['_', '-', '/', '=', '+', '~']).filter(|part| !part.is_empty());
    let plain = |part: &str| {
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        let one_case = part.bytes().skip(1).all(|sign| !sign.is_ascii_uppercase())
            || part.bytes().all(|sign| !sign.is_ascii_lowercase());
        part.len() <= 4 || part.len() <= 14 && one_case && part.len() - letters <= 2
    };
    let parts: Vec<&str> = parts.collect();
    !parts.is_empty() && parts.iter().all(|part| plain(part))
}

/// Bits for each sign (Shannon).
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|sign| counts[usize::from(sign)] += 1);
    let whole = value.len() as f64;
    let share = |count: &u32| f64::from(*count) / whole;
    counts.iter().filter(|count| **count > 0).map(|count| -share(count) * share(count).log2()).sum()
}

fn of_tests(name: &str) -> bool {
    const FOLDERS: [&str; 9] = [
        "/tests/",
        "/test/",
        "/testdata/",
        "/fixtures/",
        "/examples/",
        "/benches/",
        "/spec/",
        "/docs/",
        "/snapshots/",
    ];
    let slashed = format!("/{name}");
    let file = name.rsplit('/').next().unwrap_or_default();
    FOLDERS.iter().any(|folder| slashed.contains(folder))
        || file.starts_with("test")
        || ["_test.", "_tests.", ".test.", ".spec."].iter().any(|part| file.contains(part))
        || file == "tests.rs"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severities(name: &str, line: &str) -> Vec<Severity> {
        text(name, line).into_iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn secrets_are_found_by_looks_or_by_name_and_randomness() {
        let random = ["hV4pQz8", "LmN2xRt", "6YbK9wJc", "3DfG7sAe"].concat();
        for (name, line) in [
            ("src/a.rs", format!("const API_KEY: &str = \"{random}\";")),
            ("a.py", format!("password='{random}'")),
            ("conf.yaml", format!("  client_secret: {random}")),
            (".env", format!("RAPIDAPI_KEY={random}")),
            ("a.js", format!("{{ \"accessToken\": \"{random}\" }}")),
            ("a.rs", format!("let bot = \"123456789:AAE{random}xYz\";")),
            ("b.txt", ["-----BEGIN RSA PRIVATE", " KEY-----", &random, &random].concat()),
        ] {
            assert_eq!(severities(name, &line), [Severity::High], "{name}: {line}");
            assert_eq!(severities(&format!("tests/{name}"), &line), [Severity::Low]);
            assert_eq!(severities(name, &format!("{line} # pragma: allowlist secret")), []);
        }
        let url = format!("postgres://wire:{random}@db.internal/wire");
        assert_eq!(severities("README.md", &url), [Severity::Medium]);
        let told = format!("{:?}", text("a.py", &format!("password='{random}'")));
        assert!(!told.contains(&random), "{told}");
    }

    #[test]
    fn what_people_write_is_no_secret() {
        for (name, line) in [
            ("a.rs", "let token = generate_token_for_user_v2(now);"),
            ("a.rs", "secret_env = \"NEWSROOM_WEBHOOK_SECRET_2026\""),
            ("a.rs", "const TOKEN_ENDPOINT: &str = \"oauth2/v1/access_token\";"),
            ("a.toml", "token = \"your-token-goes-here-12345\""),
            ("a.yaml", "password: ${DB_PASSWORD_FROM_ENV_1}"),
            (".env", "API_KEY=changeme_changeme_1234"),
            ("a.py", "aws_access_key = \"AKIAIOSFODNN7EXAMPLE\""),
            ("README.md", "redis://user:password@localhost:6379"),
            ("README.md", "https://user:$PASSWORD@host/"),
            ("a.rs", "let secret = \"abcdefghijklmnop1234\";"),
            ("a.rs", "let api_key_header = \"x-rapidapi-key-value-1\";"),
            ("a.md", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30."),
            ("a.rs", "private_key: include_str!(\"../keys/private_key_rsa_4096.pem\")"),
        ] {
            assert_eq!(severities(name, line), [], "{name}: {line}");
        }
    }

    #[test]
    fn a_tree_is_read_without_what_is_no_text_of_anybodys() {
        let folder = tempfile::tempdir().expect("a folder");
        let line = ["API_KEY = \"hV4pQz8", "LmN2xRt6YbK9wJc", "3DfG7sAe\"\n"].concat();
        let write = |path: &str, text: &[u8]| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        write("src/found.py", line.as_bytes());
        write("target/skipped.py", line.as_bytes());
        write(".git/config", line.as_bytes());
        write("Cargo.lock", line.as_bytes());
        write("binary", &[line.as_bytes(), &[0, 1]].concat());
        std::os::unix::fs::symlink(folder.path().join("src"), folder.path().join("link")).expect("linked");
        let scanned = tree(folder.path());
        let places: Vec<&str> = scanned.findings.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places.len(), 1);
        assert!(places[0].ends_with("src/found.py:1"), "{places:?}");
        assert_eq!(scanned.files, 1);
    }
}
