//! The cookie that keeps a browser signed in to the dashboard.
//!
//! It holds the token, where no script can read it. A browser shows a cookie whoever wrote the request, so a request that
//! shows one must also come from our own page: `SameSite=Strict` keeps other sites' requests from carrying it, and a request
//! that carries it nevertheless is refused here. It has no `Path`: a browser then sends it to what lies beside
//! `v1/sign-in` and nowhere else, under whatever prefix a proxy puts that.
//!
//! Cookies know no ports (RFC 6265 §8.5): a browser shows all that a host ever set to every service on it. So that two
//! wires on one host do not end each other's sessions, the [name](Name) carries what tells their ledgers apart. Neither
//! port nor prefix would do: behind a proxy or in a container those may be the same for both, and change with a restart.

use std::time::Duration;

use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, header};

/// The name of one wire's cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// That of the wire whose ledger has this identity.
    pub(super) fn of(identity: &str) -> Self {
        Self(format!("wirereport_session_{identity}"))
    }
}

/// The header that a page of another site cannot send without being allowed to, and nobody is.
pub(super) const OURS: &str = "x-wirereport";

/// The token in the cookie, if there is one.
pub(super) fn token<'a>(Name(name): &Name, headers: &'a HeaderMap) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| found == name).map(|(_, token)| token).filter(|token| !token.is_empty())
}

/// The `Set-Cookie` that signs in.
pub(super) fn signed_in(Name(name): &Name, token: &str, for_how_long: Duration, parts: &Parts) -> String {
    let secure = if over_https(&parts.headers) { "; Secure" } else { "" };
    format!("{name}={token}; Max-Age={}; HttpOnly; SameSite=Strict{secure}", for_how_long.as_secs())
}

/// The `Set-Cookie` that signs out.
pub(crate) fn signed_out(Name(name): &Name) -> String {
    format!("{name}=; Max-Age=0; HttpOnly; SameSite=Strict")
}

/// Whether the page is read over https, also where a proxy takes that off. A browser says so itself.
fn over_https(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text("origin").starts_with("https://") || text("x-forwarded-proto") == "https"
}

/// Refuses what did not come from our own page.
///
/// # Errors
/// Why it is taken for somebody else's.
pub(super) fn check_origin(parts: &Parts) -> Result<(), &'static str> {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&parts.method);
    let site = parts.headers.get("sec-fetch-site").map(|site| site.as_bytes());
    let same = match site {
        Some(b"same-origin") => true,
        Some(b"none") => reads,
        Some(_) => false,
        // Browsers leave it out over plain http to another machine.
        None => names_us(&parts.headers),
    };
    if !same {
        return Err("the request comes from another site; use the dashboard's own page");
    }
    if !reads && parts.headers.get(OURS).is_none_or(|value| value != "1") {
        return Err("a change with the cookie also needs the header `X-Wirereport: 1`");
    }
    Ok(())
}

/// Whether the page's origin, where one is given, is the host that was asked.
fn names_us(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Some((_, origin)) = origin.to_str().ok().and_then(|origin| origin.split_once("://")) else {
        return false;
    };
    let asked = ["host", "x-forwarded-host"].into_iter().filter_map(|name| headers.get(name)?.to_str().ok());
    asked.into_iter().any(|host| same_host(host, origin))
}

fn same_host(one: &str, other: &str) -> bool {
    match (one.parse::<Authority>(), other.parse::<Authority>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn parts(method: &str, headers: &[(&str, &str)]) -> Parts {
        let request = Request::builder().method(method).uri("/v1/status");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let own = Name::of("5a");
        let found = |value| token(&own, &parts("GET", &[("cookie", value)]).headers).map(str::to_owned);
        assert_eq!(found("a=b; wirereport_session_5a=t.o.k; c=d").as_deref(), Some("t.o.k"));
        let another = "wirereport_session_5b=o; wirereport_session_5a=t";
        assert_eq!(found(another).as_deref(), Some("t"), "beside that of another wire");
        for none in [
            "wirereport_session_5a=",
            "xwirereport_session_5a=t",
            "wirereport_session_5b=o",
            "wirereport_session_5a",
            "",
        ] {
            assert_eq!(found(none), None, "{none}");
        }
        let two = parts("GET", &[("cookie", "a=b"), ("cookie", "wirereport_session_5a=t")]);
        assert_eq!(token(&own, &two.headers), Some("t"));
    }

    #[test]
    fn it_is_secure_where_the_page_is_read_over_https() {
        let hour = Duration::from_secs(3600);
        let set = |headers: &[(&str, &str)]| signed_in(&Name::of("5a"), "t", hour, &parts("POST", headers));
        let plain = "wirereport_session_5a=t; Max-Age=3600; HttpOnly; SameSite=Strict";
        assert_eq!(set(&[]), plain);
        assert_eq!(set(&[("origin", "http://127.0.0.1:8000")]), plain);
        assert_eq!(set(&[("origin", "https://wire.example.org")]), format!("{plain}; Secure"));
        assert_eq!(set(&[("x-forwarded-proto", "https")]), format!("{plain}; Secure"));
    }

    #[test]
    fn only_our_own_page_changes_anything() {
        let check = |method, headers: &[(&str, &str)]| check_origin(&parts(method, headers)).is_ok();
        let site = |site| ("sec-fetch-site", site);
        let ours = (OURS, "1");
        assert!(check("GET", &[site("same-origin")]) && check("GET", &[site("none")]) && check("GET", &[]));
        assert!(check("POST", &[site("same-origin"), ours]));
        assert!(!check("POST", &[site("same-origin")]), "the header is missing");
        assert!(!check("POST", &[site("same-origin"), (OURS, "0")]));
        assert!(!check("DELETE", &[site("same-origin")]));
        for other in ["cross-site", "same-site", "none", ""] {
            assert!(!check("POST", &[site(other), ours]), "{other}");
        }
        assert!(!check("GET", &[site("cross-site")]) && !check("GET", &[site("same-site")]));

        let (host, origin) = (("host", "wire:8000"), "http://wire:8000");
        assert!(check("POST", &[host, ("origin", origin), ours]));
        assert!(check(
            "POST",
            &[("host", "inner"), ("x-forwarded-host", "Wire:8000"), ("origin", origin), ours]
        ));
        for other in ["http://wire:8001", "http://evil.example", "null", "http://wire:8000.evil.example"] {
            assert!(!check("POST", &[host, ("origin", other), ours]), "{other}");
            assert!(!check("POST", &[host, ("origin", other), site("cross-site"), ours]), "{other}");
        }
    }
}
