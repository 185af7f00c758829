//! What is obviously no secret: what somebody left in a template.

const WEBHOOK_PREFIX: &str = super::WEBHOOK_PREFIX;

/// The template that comes with the program: none of its texts is anybody's secret.
const TEMPLATE: &str = include_str!("../../../.env.template");

const WORDS: [&str; 12] = [
    "secret",
    "password",
    "token",
    "todo",
    "fixme",
    "test",
    "example",
    "dummy",
    "none",
    "null",
    "undefined",
    "placeholder",
];
const PARTS: [&str; 9] = [
    "changeme",
    "change_me",
    "change-me",
    "your_",
    "your-",
    "placeholder",
    "replace_me",
    "replace-me",
    "insert_",
];
const MARKS: [&str; 7] = ["<", ">", "${", "$(", "{{", "...", "…"];
const ROW: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Why a value is obviously not a secret.
pub(super) fn placeholder(value: &str) -> Option<&'static str> {
    let value = value.trim().to_ascii_lowercase();
    let bare = value.strip_prefix(WEBHOOK_PREFIX).unwrap_or(&value);
    let signs: Vec<char> = bare.chars().filter(|sign| !"-_.:/ ".contains(*sign)).collect();
    if bare.is_empty() {
        Some("empty")
    } else if signs.windows(2).all(|pair| pair[0] == pair[1]) {
        Some("one character over and over")
    } else if in_a_row(&signs) {
        Some("letters or digits in their order")
    } else if WORDS.contains(&bare) || PARTS.iter().any(|part| bare.contains(part)) {
        Some("a placeholder")
    } else if MARKS.iter().any(|mark| bare.contains(mark)) || stands_in_the_template(bare) {
        Some("the text of a template")
    } else {
        None
    }
}

/// Whether a value is obviously no secret.
pub fn looks_like_a_placeholder(value: &str) -> bool {
    placeholder(value).is_some()
}

/// `12345678`, `abcdefgh`, and the like, over and over.
fn in_a_row(signs: &[char]) -> bool {
    let follows = |pair: &[char]| {
        let place = |sign| ROW.chars().position(|known| known == sign);
        match (place(pair[0]), place(pair[1])) {
            (Some(at), Some(next)) => next == at + 1 || (at, next) == (9, 0) || (at, next) == (9, 1),
            _ => false,
        }
    };
    signs.len() > 3 && signs.windows(2).all(follows)
}

/// Whether the template has that text as a value or as words of its own.
fn stands_in_the_template(bare: &str) -> bool {
    let lines = TEMPLATE.lines().map(|line| line.trim_start_matches(['#', ' ']).to_ascii_lowercase());
    lines.filter(|line| !line.is_empty()).any(|line| {
        let value = line.split_once('=').filter(|(name, _)| !name.contains(' ')).map(|(_, value)| value);
        bare == line || value.is_some_and(|value| !value.is_empty() && bare == value)
    })
}
