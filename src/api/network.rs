//! The API on the network, and the dashboard beside it: the same routes behind the [gate](super::auth), with a deadline for every answer, and beneath a
//! path where a proxy passes one on. No other site's page may read an answer: no header of CORS is ever sent.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use tower::ServiceExt;

use super::auth::{self, Gate};
use super::problem::Problem;
use crate::dashboard;

/// How long an answer may take to begin.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// The API's routes as they are served on the network, with `prefix` before every path.
pub fn network(router: Router, gate: Arc<Gate>, prefix: &str) -> Router {
    let protected = auth::protect(router, Arc::clone(&gate));
    let router = dashboard::router().merge(auth::signing_in(gate)).merge(protected);
    let router = router.layer(from_fn(deadline)).layer(map_response(guarded));
    match prefix {
        "" => router,
        prefix => Router::new().fallback(beneath).with_state((Arc::from(prefix), router)),
    }
}

async fn deadline(request: Request, next: Next) -> Response {
    tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!(
            "no answer within {} s; a change may be under way all the same, the audit log knows",
            ANSWER_WITHIN.as_secs()
        );
        Problem::new(StatusCode::GATEWAY_TIMEOUT, detail).into_response()
    })
}

/// Has nobody keep an answer, or take it for something else than it says it is.
async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn beneath(
    State((prefix, router)): State<(Arc<str>, Router)>,
    mut request: Request,
) -> Result<Response, Problem> {
    if *request.uri().path() == *prefix && [Method::GET, Method::HEAD].contains(request.method()) {
        return Ok(Redirect::temporary(&within(&prefix, request.uri().query())).into_response());
    }
    let stripped = stripped(request.uri(), &prefix);
    *request.uri_mut() =
        stripped.ok_or_else(|| Problem::not_found(format!("such path; the API begins at {prefix}/v1/")))?;
    router.oneshot(request).await.map_err(|never| match never {})
}

/// Where the page is that was asked for without the slash at its end, which its own addresses need to be found. It is told
/// relative to what the browser asked for, whatever a proxy made of that.
fn within(prefix: &str, query: Option<&str>) -> String {
    let last = prefix.rsplit('/').next().unwrap_or_default();
    match query {
        Some(query) => format!("./{last}/?{query}"),
        None => format!("./{last}/"),
    }
}

/// An address without its prefix; `None` where it has another.
fn stripped(uri: &Uri, prefix: &str) -> Option<Uri> {
    let rest = uri.path().strip_prefix(prefix)?;
    let path = match rest {
        "" => "/",
        rest if rest.starts_with('/') => rest,
        _ => return None,
    };
    match uri.query() {
        Some(query) => format!("{path}?{query}").parse().ok(),
        None => path.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_prefix_without_its_slash_leads_to_the_one_with_it() {
        let inner = Router::new().fallback(|uri: Uri| async move { uri.to_string() });
        let router = Router::new().fallback(beneath).with_state((Arc::from("/news/wire"), inner));
        let ask = async |method: &str, path: &str| {
            let request = Request::builder().method(method).uri(path).body(axum::body::Body::empty());
            let response = router.clone().oneshot(request.unwrap()).await.unwrap();
            let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
            (response.status().as_u16(), to)
        };
        assert_eq!(ask("GET", "/news/wire").await, (307, Some("./wire/".to_owned())));
        assert_eq!(ask("HEAD", "/news/wire?a=b").await, (307, Some("./wire/?a=b".to_owned())));
        assert_eq!(ask("GET", "/news/wire/").await, (200, None));
        assert_eq!(ask("POST", "/news/wire").await, (200, None));
        assert_eq!(ask("GET", "/news/wired").await, (404, None));
    }

    #[test]
    fn a_prefix_is_a_whole_part_of_a_path() {
        let strip = |uri: &str| stripped(&uri.parse().unwrap(), "/wire").map(|uri| uri.to_string());
        assert_eq!(strip("/wire/v1/posts?limit=1").as_deref(), Some("/v1/posts?limit=1"));
        assert_eq!(strip("/wire/v1/stories/a%20b").as_deref(), Some("/v1/stories/a%20b"));
        assert_eq!((strip("/wire").as_deref(), strip("/wire/").as_deref()), (Some("/"), Some("/")));
        for other in ["/v1/posts", "/wired/v1/posts", "/", "/v1/wire"] {
            assert_eq!(strip(other), None, "{other}");
        }
    }
}
