//! How channels are let in, as it is told.

use std::path::Path;

use jiff::Timestamp;
use wirereport_actors::wire::post::ChannelName;

use crate::channels::x::{Grant, GrantFile};
use crate::settings::{ChannelKind, XAuth, XSettings};

/// How a channel is let in, in words, and when its access token ends, where that is known.
pub(crate) fn let_in(
    name: &ChannelName,
    kind: &ChannelKind,
    logins: &Path,
    now: Timestamp,
) -> (String, Option<Timestamp>) {
    match kind {
        ChannelKind::X(x) if x.auth == XAuth::OAuth2 => logged_in(name, x, logins, now),
        _ => {
            let variables: Vec<&str> = kind.secrets().iter().map(|secret| secret.variable).collect();
            (variables.join(" "), None)
        }
    }
}

/// How an account stands that is let in by OAuth 2.0, and when its access token ends.
fn logged_in(
    name: &ChannelName,
    x: &XSettings,
    logins: &Path,
    now: Timestamp,
) -> (String, Option<Timestamp>) {
    let again = format!("run `wirereport channel login {name}`");
    match GrantFile::of(logins, &x.account).read() {
        Ok(None) => (format!("not logged in: {again}"), None),
        Err(error) => (format!("its login cannot be read ({error}): {again}"), None),
        Ok(Some(Grant { ended: Some(reason), username, .. })) => {
            (format!("@{username}, logged out ({reason}): {again}"), None)
        }
        Ok(Some(Grant { username, expires_at, refresh_begun_at, .. })) => {
            let until = match expires_at > now {
                true => format!("access until {}", time(expires_at)),
                false => format!("access ended {}, to be renewed with the next post", time(expires_at)),
            };
            let begun =
                refresh_begun_at.map(|at| format!("; a renewal begun {} did not come to its end", time(at)));
            (format!("@{username}, {until}{}", begun.unwrap_or_default()), Some(expires_at))
        }
    }
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
