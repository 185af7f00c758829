//! The types of events, and which of them a reader wants.

use super::super::problem::Problem;
use crate::settings::nearest;

/// Every type there is.
pub(crate) const EVENTS: [&str; 39] = [
    "story.recorded",
    "post.awaiting_approval",
    "post.pending",
    "post.armed",
    "post.sent",
    "post.unknown",
    "post.failed",
    "post.expired",
    "post.discarded",
    "post.superseded",
    "switch.changed",
    "alert.raised",
    "alert.resolved",
    "game.updated",
    "channel.open",
    "channel.stopped",
    "channel.paused",
    "channel.limited",
    "channel.quiet",
    "channel.rate_limited",
    "channel.needs_auth",
    "channel.out_of_credit",
    "channel.gone",
    "actor.starting",
    "actor.running",
    "actor.degraded",
    "actor.backing_off",
    "actor.restarting",
    "actor.paused",
    "actor.stopping",
    "actor.stopped",
    "actor.failed",
    "log.error",
    "log.warn",
    "log.info",
    "log.debug",
    "log.trace",
    "stream.opened",
    "stream.gap",
];

/// How many patterns a reader may give.
const MOST: usize = 40;

/// What a reader wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted(Vec<String>);

impl Wanted {
    /// Types with commas between them, `*` standing for anything.
    pub(super) fn parse(types: Option<&str>) -> Result<Self, Problem> {
        let Some(types) = types else { return Ok(Self(vec!["*".to_owned()])) };
        let patterns: Vec<String> = types.split(',').map(|pattern| pattern.trim().to_owned()).collect();
        if patterns.len() > MOST {
            return Err(Problem::bad_request(format!("types has more than {MOST} parts; use `*`")));
        }
        let idle = patterns.iter().find(|pattern| !EVENTS.iter().any(|kind| fits(pattern, kind)));
        match idle {
            None => Ok(Self(patterns)),
            Some(idle) => {
                let advice = match nearest(idle, EVENTS) {
                    Some(meant) => format!("did you mean {meant}?"),
                    None => "such as post.*, story.recorded or log.warn".to_owned(),
                };
                Err(Problem::bad_request(format!("no event is of the type {idle}; {advice}")))
            }
        }
    }

    pub(super) fn wants(&self, kind: &str) -> bool {
        self.0.iter().any(|pattern| fits(pattern, kind))
    }
}

/// Whether a text is what a pattern says, in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, expected) in [
            ("post.*", "post.sent", true),
            ("post.*", "posts.sent", false),
            ("*", "log.info", true),
            ("*.failed", "post.failed", true),
            ("a*b*c", "a--b--c", true),
            ("a*b*c", "a--c--b", false),
            ("a*a", "a", false),
            ("post.sent", "post.sent", true),
            ("post.sent", "post.sen", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_type_that_there_is_none_of_is_told_with_the_nearest() {
        let wanted = Wanted::parse(Some("post.*, story.recorded")).unwrap();
        assert!(wanted.wants("post.failed") && wanted.wants("story.recorded") && !wanted.wants("log.info"));
        let refused = Wanted::parse(Some("post.snt")).unwrap_err().detail;
        assert_eq!(refused, "no event is of the type post.snt; did you mean post.sent?");
        assert!(Wanted::parse(Some("")).is_err());
        assert!(Wanted::parse(Some(&"*,".repeat(60))).is_err());
    }
}
