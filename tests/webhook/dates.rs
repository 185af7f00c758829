//! Whose time a request and its answer are by, where the tree's clock shows the time of a recording.

use axum::Router;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use wirereport_actors::wire::post::Outcome;

use super::setup::{TODAY, frozen, open, send, settings};
use crate::book::second;
use crate::support::receiver::hmac_sha256;

/// A receiver that answers 429 with that `Retry-After`, and passes on the headers of what it gets.
async fn receiver(retry_after: &'static str) -> (String, mpsc::Receiver<HeaderMap>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (seen, headers) = mpsc::channel(1);
    let answer = move |headers: HeaderMap| async move {
        seen.send(headers).await.unwrap();
        (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, retry_after)]).into_response()
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(answer))).await });
    (url, headers)
}

#[tokio::test]
async fn a_request_is_dated_and_signed_by_the_real_time_even_on_a_recordings_time() {
    let (url, mut headers) = receiver("1").await;
    let channel = open(settings(&url)).unwrap();
    send(&channel).await;
    let headers = headers.recv().await.unwrap();
    let header = |name: &'static str| headers[name].to_str().unwrap();
    assert_eq!(header("webhook-timestamp"), TODAY.as_second().to_string());

    let frozen = frozen(&channel);
    let signed = format!("{}.{}.{}", frozen.key, TODAY.as_second(), frozen.body);
    let expected = hmac_sha256(&(0..32).collect::<Vec<u8>>(), signed.as_bytes());
    let expected = STANDARD.encode(expected);
    assert_eq!(header("webhook-signature"), format!("v1,{expected}"));
}

#[tokio::test]
async fn a_receivers_date_becomes_a_wait_on_the_trees_time() {
    // 90 s after the day of sending.
    let (url, _headers) = receiver("Sun, 17 Mar 2030 17:48:10 GMT").await;
    let outcome = send(&open(settings(&url)).unwrap()).await;
    let Outcome::Halted { retry_at, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(retry_at, second(5 + 90));
}
