//! X's OAuth 2.0: tokens that are good for once, and what a death or a lost answer in between leads to.

use std::path::Path;
use std::sync::Arc;

use secrecy::SecretString;
use wirereport::channels::x::{
    App, Auth, Consent, Grant, GrantFile, Login, LoginSettings, XChannel, XSettings,
};
use wirereport::clock::SystemClock;
use wirereport_actors::ports::channel::Channel;
use wirereport_actors::ports::clock::Clock;

use super::setup::{ATTEMPT_WITHIN, gist, post, send, told};
use crate::stand_in::x_login::{CLIENT_ID, CLIENT_SECRET};
use crate::stand_in::{Platform, Platforms, Trouble};

fn consent(logins: &Path, secret: Option<&str>) -> Consent {
    Consent {
        app: App { client_id: SecretString::from(CLIENT_ID), client_secret: secret.map(SecretString::from) },
        logins: logins.to_owned(),
        account: "x".to_owned(),
        login: "wirereport channel login x".to_owned(),
    }
}

fn channel_to(stand_in: &Platforms, logins: &Path) -> XChannel {
    let settings = XSettings {
        api: stand_in.url(Platform::X),
        auth: Auth::OAuth2(consent(logins, Some(CLIENT_SECRET))),
        threads: false,
        read_back_after: wirereport::channels::x::SHOWN_AFTER,
        absent_after: wirereport::channels::x::ABSENT_AFTER,
        attempt_within: ATTEMPT_WITHIN,
    };
    XChannel::new(settings, Arc::new(SystemClock)).unwrap()
}

fn login(stand_in: &Platforms, logins: &Path, secret: Option<&str>) -> Login {
    let api = stand_in.url(Platform::X);
    Login::begin(LoginSettings {
        authorize: format!("{api}/i/oauth2/authorize"),
        api,
        redirect_uri: "http://127.0.0.1:1/callback".to_owned(),
        consent: consent(logins, secret),
    })
    .unwrap()
}

/// Where the login page leads a browser.
async fn led_to(login: &Login) -> String {
    let client = wirereport::http::client(ATTEMPT_WITHIN, ATTEMPT_WITHIN).unwrap();
    let answer = client.get(login.page()).send().await.unwrap();
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn log_in(stand_in: &Platforms, logins: &Path) -> Grant {
    let login = login(stand_in, logins, Some(CLIENT_SECRET));
    let code = login.code(&led_to(&login).await).unwrap();
    login.complete(&code, SystemClock.now()).await.unwrap()
}

/// A stand-in whose access tokens live for so many seconds, and a channel whose account is logged in there.
async fn logged_in(lives: u64) -> (Platforms, tempfile::TempDir, XChannel) {
    let (stand_in, logins) = (Platforms::start().await, tempfile::tempdir().unwrap());
    stand_in.journal().x.provider.lives = Some(lives);
    log_in(&stand_in, logins.path()).await;
    let channel = channel_to(&stand_in, logins.path());
    (stand_in, logins, channel)
}

fn refreshes(stand_in: &Platforms) -> (usize, usize) {
    let journal = stand_in.journal();
    (journal.x.provider.refreshes, journal.x.provider.replays)
}

fn kept(logins: &tempfile::TempDir) -> Grant {
    GrantFile::of(logins.path(), "x").read().unwrap().unwrap()
}

#[tokio::test]
async fn an_account_that_is_logged_in_posts_until_its_token_ends_and_then_with_a_new_one() {
    let (stand_in, logins, channel) = logged_in(7200).await;
    told(&channel, &post(1)).await;
    assert_eq!(refreshes(&stand_in), (0, 0));
    stand_in.journal().x.provider.end_access();
    let refused = gist(&send(&channel, &post(2)).await);
    assert_eq!(
        refused,
        "not sent, again in 0 s: X answered HTTP 401 (Unauthorized): the access token is renewed"
    );
    told(&channel, &post(2)).await;
    assert_eq!((refreshes(&stand_in), stand_in.texts().len()), ((1, 0), 2));

    stand_in.journal().x.provider.end_access();
    let outcomes = [gist(&send(&channel, &post(3)).await), gist(&send(&channel, &post(3)).await)];
    assert_eq!(
        outcomes,
        [
            "halted as needs_auth, again in 0 s: X answered HTTP 401 (Unauthorized): run `wirereport channel login x`",
            "halted as needs_auth, again in 0 s: X answered HTTP 401 (Unauthorized): run `wirereport channel login x`",
        ],
        "a new token that is refused is not renewed again and again"
    );
    assert_eq!(kept(&logins).user_id, crate::stand_in::x::USER);
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_by_one_channel_for_all_of_its_account() {
    let (stand_in, logins, _) = logged_in(1).await;
    stand_in.journal().x.provider.lives = None;
    let channels: Vec<XChannel> = (0..8).map(|_| channel_to(&stand_in, logins.path())).collect();
    let mut sends = tokio::task::JoinSet::new();
    for (number, channel) in (1..).zip(channels) {
        sends.spawn(async move { told(&channel, &post(number)).await });
    }
    assert_eq!(sends.join_all().await.len(), 8);
    assert_eq!(refreshes(&stand_in), (1, 0));
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_is_shown_and_ends_in_a_new_login_where_its_token_was_spent() {
    let (stand_in, logins, channel) = logged_in(1).await;
    stand_in.script([Trouble::AcceptThenReset]);
    let lost = gist(&send(&channel, &post(1)).await);
    assert!(lost.starts_with("not sent, ") && lost.ends_with("; the refresh token may be spent"), "{lost}");
    assert!(kept(&logins).refresh_begun_at.is_some());

    let ended = gist(&send(&channel_to(&stand_in, logins.path()), &post(1)).await);
    assert_eq!(
        ended,
        "halted as needs_auth, again in 0 s: X answered HTTP 400 (invalid_request: Value passed for the token was invalid.) \
         to a request for tokens: X does not let the account in any more; run `wirereport channel login x`"
    );
    assert_eq!(refreshes(&stand_in), (1, 1));
    let again = gist(&send(&channel, &post(1)).await);
    assert_eq!((again, refreshes(&stand_in)), (ended, (1, 1)), "what has ended is not asked for again");

    stand_in.journal().x.provider.lives = None;
    log_in(&stand_in, logins.path()).await;
    told(&channel, &post(1)).await;
    assert_eq!(stand_in.texts(), [post(1).text]);
}

#[tokio::test]
async fn a_refresh_that_did_not_reach_x_is_made_again() {
    let (stand_in, logins, channel) = logged_in(1).await;
    stand_in.journal().x.provider.lives = None;
    stand_in.script([Trouble::Reset]);
    let lost = gist(&send(&channel, &post(1)).await);
    assert!(lost.starts_with("not sent, "), "{lost}");
    told(&channel, &post(1)).await;
    assert_eq!((refreshes(&stand_in), kept(&logins).refresh_begun_at), ((1, 0), None));
}

#[tokio::test]
async fn a_limit_a_wrong_app_and_a_revocation_are_told_apart() {
    let (stand_in, logins, channel) = logged_in(1).await;
    stand_in.journal().x.provider.lives = None;
    stand_in.script([Trouble::Limit(30)]);
    let limited = gist(&send(&channel, &post(1)).await);
    assert!(limited.starts_with("halted as rate_limited, again in "), "{limited}");
    stand_in.journal().x.provider.is_public = true;
    let wrong_app = gist(&send(&channel, &post(1)).await);
    stand_in.journal().x.provider.is_public = false;
    assert_eq!(kept(&logins).refresh_begun_at, None, "the refresh token is as good as before");
    stand_in.journal().x.provider.revoke();
    let revoked = gist(&send(&channel, &post(1)).await);
    insta::assert_snapshot!([wrong_app, revoked].join("\n"));
    assert_eq!(stand_in.texts(), [""; 0]);
}

#[tokio::test]
async fn what_is_not_logged_in_says_so() {
    let (stand_in, logins) = (Platforms::start().await, tempfile::tempdir().unwrap());
    let outcome = gist(&send(&channel_to(&stand_in, logins.path()), &post(1)).await);
    let told = "the account on X is not logged in: run `wirereport channel login x`";
    assert_eq!(outcome, format!("halted as needs_auth, again in 0 s: {told}"));
    let looked = channel_to(&stand_in, logins.path());
    let found = looked.reconcile(&post(1), &looked.render(&post(1)).unwrap(), crate::book::second(5)).await;
    assert!(format!("{found:?}").contains(told), "{found:?}");
}

#[tokio::test]
async fn a_login_takes_only_what_it_asked_for() {
    let (stand_in, logins) = (Platforms::start().await, tempfile::tempdir().unwrap());
    let (one, other) = (login(&stand_in, logins.path(), None), login(&stand_in, logins.path(), None));
    stand_in.journal().x.provider.is_public = true;
    let (led, elsewhere) = (led_to(&one).await, led_to(&other).await);
    let denied = led.split("code=").next().unwrap().to_owned() + "error=access_denied";
    let errors = [elsewhere.as_str(), "https://example.org/", "hunter2", &denied].map(|led_to| {
        let error = one.code(led_to).unwrap_err();
        error.to_string()
    });
    insta::assert_snapshot!(errors.join("\n"));
    let stolen = other.code(&elsewhere).unwrap();
    let error = one.complete(&stolen, SystemClock.now()).await.unwrap_err();
    assert!(error.to_string().contains("X answered HTTP 400"), "another login's verifier: {error}");
    let code = one.code(&led).unwrap();
    let grant = one.complete(&code, SystemClock.now()).await.unwrap();
    assert_eq!(grant.username, "wire");
    let error = one.complete(&code, SystemClock.now()).await.unwrap_err();
    assert!(error.to_string().contains("begin again"), "a code is good for once: {error}");
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn no_reason_and_no_debug_form_shows_a_token() {
    let (stand_in, logins, channel) = logged_in(1).await;
    stand_in.script([Trouble::AcceptThenReset]);
    let reasons = [gist(&send(&channel, &post(1)).await), gist(&send(&channel, &post(1)).await)];
    let shown = format!("{reasons:?} {channel:?} {:?}", kept(&logins));
    assert!(!shown.contains("stand-in-"), "{shown}");
}
