use std::process::Command;
use std::sync::Arc;

use secrecy::SecretString;
use serde_json::Value;
use wirereport::channels::x::oauth1::{Credentials, Stamp};
use wirereport::channels::x::{Auth, XChannel, XSettings};
use wirereport_actors::ports::channel::{Channel, Corrections, Reconciled};
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::post::{Arm, Epoch, Operation, Outcome, Post};

use super::setup::{ATTEMPT_WITHIN, Today, follow_up, frozen, gist, post, recorded, send, told};
use crate::book;
use crate::stand_in::x::{CONSUMER_KEY, CONSUMER_SECRET, TOKEN, TOKEN_SECRET};
use crate::stand_in::{Platform, Platforms, Trouble};

fn credentials() -> Credentials {
    Credentials {
        consumer_key: SecretString::from(CONSUMER_KEY),
        consumer_secret: SecretString::from(CONSUMER_SECRET),
        token: SecretString::from(TOKEN),
        token_secret: SecretString::from(TOKEN_SECRET),
    }
}

pub(super) fn settings(api: &str) -> XSettings {
    XSettings {
        api: api.to_owned(),
        auth: Auth::OAuth1(credentials()),
        threads: false,
        read_back_after: wirereport::channels::x::SHOWN_AFTER,
        absent_after: wirereport::channels::x::ABSENT_AFTER,
        attempt_within: ATTEMPT_WITHIN,
    }
}

pub(super) fn channel_to(stand_in: &Platforms) -> XChannel {
    XChannel::new(settings(&stand_in.url(Platform::X)), Arc::new(Today)).unwrap()
}

async fn answered(trouble: Trouble) -> (Outcome, Platforms) {
    let stand_in = Platforms::start().await;
    stand_in.script([trouble]);
    let outcome = send(&channel_to(&stand_in), &post(1)).await;
    assert_eq!(stand_in.complaints(), [""; 0]);
    (outcome, stand_in)
}

/// A post whose attempt began then.
fn armed(post: Post, attempt: u32) -> Post {
    let at = book::second(5);
    let arm = Arm {
        epoch: Epoch(1),
        at,
        send_before: book::second(10),
        settle_by: book::second(20),
        price: Money(0),
    };
    Post { arm: Some(arm), attempt, ..post }
}

#[tokio::test]
async fn a_post_is_a_post_and_its_id_leads_to_it() {
    let stand_in = Platforms::start().await;
    let remote = told(&channel_to(&stand_in), &post(1)).await;
    assert_eq!(remote.url, Some(format!("https://x.com/i/web/status/{}", remote.id)));
    assert_eq!(stand_in.texts(), [post(1).text]);
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_correction_is_a_post_of_its_own_or_answers_where_that_is_wanted() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    assert_eq!(channel.capabilities().corrections, Corrections::Create);
    let remote = told(&channel, &post(1)).await;
    let threads = XSettings { threads: true, ..settings(&stand_in.url(Platform::X)) };
    let threads = XChannel::new(threads, Arc::new(Today)).unwrap();
    assert_eq!(threads.capabilities().corrections, Corrections::Reply);
    told(&threads, &follow_up(&post(1), Operation::Reply, &remote)).await;
    assert_eq!(stand_in.told()[1].reply_to, Some(remote.id.clone()));
    for _ in 0..2 {
        told(&channel, &follow_up(&post(1), Operation::Delete, &remote)).await;
    }
    assert_eq!(stand_in.told().len(), 1);
}

#[tokio::test]
async fn every_answer_has_the_outcome_of_the_table() {
    let usage =
        "{\"title\":\"UsageCapExceeded\",\"type\":\"https://api.twitter.com/2/problems/usage-capped\"}";
    let old = "{\"errors\":[{\"code\":88,\"message\":\"Rate limit exceeded\"}]}";
    let forbidden = "{\"detail\":\"You are not permitted to perform this action.\",\"type\":\"about:blank\"}";
    let read_only =
        "{\"detail\":\"read-only app\",\"type\":\"https://api.twitter.com/2/problems/oauth1-permissions\"}";
    let mut troubles = vec![
        Trouble::Limit(900),
        Trouble::Deny,
        Trouble::Fail,
        Trouble::AcceptThenGarble,
        Trouble::AcceptThenReset,
        Trouble::Answer(429, usage.to_owned()),
        Trouble::Answer(429, old.to_owned()),
        Trouble::Answer(403, forbidden.to_owned()),
        Trouble::Answer(403, read_only.to_owned()),
        Trouble::Answer(400, "{\"title\":\"Invalid Request\"}".to_owned()),
        Trouble::Answer(502, "<html><body>Over capacity</body></html>".to_owned()),
    ];
    troubles.push(Trouble::Answer(402, "{\"title\":\"CreditsDepleted\"}".to_owned()));
    let mut lines = Vec::new();
    for trouble in troubles {
        let (outcome, _stand_in) = answered(trouble).await;
        lines.push(gist(&outcome));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn every_observed_answer_has_its_outcome() {
    let Some(observed) = recorded("x/observed_responses.json") else { return };
    let mut lines = Vec::new();
    for name in ["402_credits_a", "402_credits_b", "403_duplicate", "403_reply_not_summoned", "429", "503"] {
        let observed = &observed[name];
        let status = u16::try_from(observed["status"].as_u64().unwrap_or(503)).unwrap();
        let (outcome, _stand_in) = answered(Trouble::Answer(status, observed["body"].to_string())).await;
        let kind = gist(&outcome);
        lines.push(format!("{name}: {}", kind.split(':').next().unwrap()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn the_timeline_is_read_page_by_page_until_a_post_is_found_or_surely_absent() {
    let (outcome, stand_in) = answered(Trouble::AcceptThenReset).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    for number in 0..250 {
        stand_in.journal().slip_in(&format!("The account's own words, number {number}."));
    }
    let channel = channel_to(&stand_in);
    let look = async |post: Post| {
        channel.reconcile(&armed(post.clone(), 1), &frozen(&channel, &post), book::second(80)).await
    };
    assert!(matches!(look(post(1)).await, Reconciled::Found(_)));
    assert_eq!(look(post(2)).await, Reconciled::Absent);
    assert_eq!(stand_in.journal().reads, 6, "three pages each");
}

#[tokio::test]
async fn what_became_of_an_attempt_is_read_from_the_timeline() {
    let (outcome, stand_in) = answered(Trouble::AcceptThenReset).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    let channel = channel_to(&stand_in);
    let look = async |post: &Post, second| {
        channel.reconcile(&armed(post.clone(), 1), &frozen(&channel, post), book::second(second)).await
    };
    stand_in.journal().x.hidden = 1;
    assert!(matches!(look(&post(1), 20).await, Reconciled::CannotTell { .. }), "it may not be shown yet");
    assert_eq!(look(&post(1), 80).await, Reconciled::Absent, "twice looked for, a minute apart");
    stand_in.journal().x.hidden = 0;
    assert!(matches!(look(&post(1), 20).await, Reconciled::Found(_)));

    let text = "Brighton & Hove lead <Bodø> 1-0 https://example.org/a".to_owned();
    let signs = Post { text, ..post(2) };
    let remote = told(&channel, &signs).await;
    assert_eq!(look(&signs, 80).await, Reconciled::Found(remote), "escaped, and with its link shortened");
    stand_in.journal().unreadable = true;
    assert!(matches!(look(&post(1), 80).await, Reconciled::CannotTell { .. }));
}

#[tokio::test]
async fn a_duplicate_of_what_was_tried_before_is_the_post_itself() {
    let (_, stand_in) = answered(Trouble::AcceptThenReset).await;
    let channel = channel_to(&stand_in);
    let again = armed(post(1), 2);
    let remote = told(&channel, &again).await;
    assert_eq!((stand_in.told().len(), remote.id), (1, stand_in.told()[0].id.clone()));
    stand_in.journal().x.hidden = 1;
    let outcome = send(&channel, &again).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "never sent in other words: {outcome:?}");
    let first = send(&channel, &armed(post(1), 1)).await;
    assert!(matches!(first, Outcome::Refused { .. }), "an earlier story said the same: {first:?}");
}

#[test]
fn a_text_of_which_x_would_make_links_is_mended_or_refused() {
    let channel = XChannel::new(settings(wirereport::channels::x::API), Arc::new(Today)).unwrap();
    let render = |text: &str| channel.render(&Post { text: text.to_owned(), ..post(1) });
    let mended: Value =
        serde_json::from_str(&render("It was the Mavericks.It ended 1-0.").unwrap().body).unwrap();
    assert_eq!(mended["text"], "It was the Mavericks. It ended 1-0.");
    let told = ["More on espn.com.", "Thanks @wire", &format!("{} a.It", "x".repeat(275))]
        .map(|text| render(text).unwrap_err().to_string());
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_signature_is_the_one_of_the_documentations_vector() {
    let Some(observed) = recorded("x/observed_responses.json") else { return };
    let vector = &observed["oauth1_vector"];
    let of = |name: &str| vector[name].as_str().unwrap();
    let credentials = Credentials {
        consumer_key: SecretString::from(of("consumer_key")),
        consumer_secret: SecretString::from(of("consumer_secret")),
        token: SecretString::from(of("token")),
        token_secret: SecretString::from(of("token_secret")),
    };
    let stamp = Stamp { nonce: of("nonce").to_owned(), second: of("timestamp").parse().unwrap() };
    let form = [("status", vector["form"]["status"].as_str().unwrap())];
    let url = of("url").parse().unwrap();
    let authorization = credentials.authorization(of("method"), &url, &form, &stamp);
    let signature = of("signature").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert!(authorization.ends_with(&format!("oauth_signature=\"{signature}\"")), "{authorization}");
}

/// Signs with another implementation what the stand-in got, and says where it differs.
const OAUTHLIB: &str = r"
import json, sys
from oauthlib.oauth1 import Client
given = json.load(sys.stdin)
for request in given['requests']:
    sent = dict(part.split('=', 1) for part in request['authorization'][6:].split(', '))
    client = Client(*given['keys'], nonce=sent['oauth_nonce'].strip('\x22'), timestamp=sent['oauth_timestamp'].strip('\x22'))
    _, headers, _ = client.sign(request['url'], http_method=request['method'])
    own = dict(part.split('=', 1) for part in headers['Authorization'][6:].split(', '))
    assert own == sent, (own, sent)
print(len(given['requests']), 'verified')
";

#[tokio::test]
async fn oauthlib_signs_every_request_the_same() {
    let has_oauthlib = Command::new(interpreter()).args(["-c", "import oauthlib.oauth1"]).output();
    if !has_oauthlib.is_ok_and(|output| output.status.success()) {
        println!("skipped: {} has no oauthlib; name one that has it in WIREREPORT_PYTHON", interpreter());
        return;
    }
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let remote = told(&channel, &post(1)).await;
    channel.reconcile(&armed(post(1), 1), &frozen(&channel, &post(1)), book::second(80)).await;
    told(&channel, &follow_up(&post(1), Operation::Delete, &remote)).await;
    let signed = stand_in.journal().x.signed.clone();
    let requests: Vec<Value> = signed
        .iter()
        .map(|s| serde_json::json!({"method": s.method, "url": s.url, "authorization": s.authorization}))
        .collect();
    let keys = [CONSUMER_KEY, CONSUMER_SECRET, TOKEN, TOKEN_SECRET];
    let given = serde_json::json!({"keys": keys, "requests": requests}).to_string();
    let output = tokio::task::spawn_blocking(move || python(&given)).await.unwrap();
    assert_eq!(output, "3 verified\n");
}

fn interpreter() -> String {
    std::env::var("WIREREPORT_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn python(given: &str) -> String {
    use std::io::Write;
    use std::process::Stdio;
    let mut python = Command::new(interpreter());
    python.args(["-c", OAUTHLIB]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn().unwrap();
    python.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
    String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap()
}

#[tokio::test]
async fn no_reason_and_no_debug_form_shows_a_secret() {
    let channel = XChannel::new(settings("http://127.0.0.1:1"), Arc::new(Today)).unwrap();
    let shown = format!("{} {channel:?} {:?}", gist(&send(&channel, &post(1)).await), credentials());
    assert!(!shown.contains("stand"), "{shown}");
    let wrong = Credentials { token: SecretString::from("hunter2hunter2"), ..credentials() };
    let wrong = XSettings { auth: Auth::OAuth1(wrong), ..settings(wirereport::channels::x::API) };
    let refused = XChannel::new(wrong, Arc::new(Today)).unwrap_err().to_string();
    assert!(!refused.contains("hunter2"), "{refused}");
}
