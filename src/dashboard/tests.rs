use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;

async fn ask(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    let response =
        router().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).expect("text"))
}

#[tokio::test]
async fn the_page_and_every_file_come_with_the_policy_and_are_kept_until_they_change() {
    let paths = ASSETS.iter().map(|(name, _)| format!("/assets/{name}")).chain(["/".to_owned()]);
    for path in paths {
        let (status, headers, body) = ask(&path, &[]).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .is_ok_and(|policy| policy.starts_with("default-src 'none'"))
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(!body.is_empty() && body.lines().count() < 400, "{path}");
        let tag = headers["etag"].to_str().expect("text");
        let (status, _, body) = ask(&path, &[("if-none-match", tag)]).await;
        assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
    }
    for path in ["/assets/", "/assets/none.js", "/assets/../mod.rs", "/assets/index.html"] {
        let (status, headers, _) = ask(path, &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(path == "/assets/" || headers.contains_key("content-security-policy"));
    }
}

#[test]
fn every_file_that_is_imported_is_embedded_and_none_is_from_elsewhere() {
    let known = |name: &str| ASSETS.iter().any(|(known, _)| *known == name);
    for (name, text) in ASSETS.iter().chain(&[("index.html", PAGE)]) {
        for foreign in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=", "onclick="]
        {
            assert!(!text.contains(foreign), "{name} has {foreign}");
        }
        let urls = text.matches("://").count() - text.matches("http://www.w3.org/").count();
        assert_eq!(urls, 0, "{name} names an address elsewhere");
        for import in text.lines().filter_map(|line| line.split_once(" from \"")).map(|(_, rest)| rest) {
            let import = import.split('"').next().expect("a path");
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = match import.strip_prefix("../") {
                Some(path) => path.to_owned(),
                None => format!("{folder}/{}", import.trim_start_matches("./")),
            };
            assert!(known(path.trim_start_matches('/')), "{name} imports {import}");
        }
    }
    assert!(PAGE.contains("\"assets/app.js\"") && !PAGE.contains("=\"/"));
}
