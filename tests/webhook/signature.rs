use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use secrecy::SecretString;
use wirereport::channels::webhook::SigningKey;

use super::setup::SECRET;
use crate::support::receiver::hmac_sha256;

fn sign(secret: &str, id: &str, second: i64, body: &str) -> String {
    SigningKey::parse(&SecretString::from(secret)).unwrap().sign(id, second, body)
}

#[test]
fn a_signature_is_the_one_another_implementation_computed() {
    // From Python's hmac and hashlib.
    let known = "v1,UvENa40wHuYwcIJG0b/B7hj5PonPoXa5asMkKopiUXg=";
    assert_eq!(sign(SECRET, "msg_1", 1_729_645_200, "{\"a\":1}"), known);
}

#[test]
fn a_signature_is_the_one_of_the_specifications_vector() {
    let corpus = std::env::var_os("WIREREPORT_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/feeds"),
        PathBuf::from,
    );
    let file = corpus.join("../platforms/webhooks/standard_webhooks_vector.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: there is no vector at {}", file.display());
        return;
    };
    let vector: serde_json::Value = serde_json::from_str(&text).unwrap();
    let field = |name: &str| vector["standard_webhooks_vector"][name].as_str().unwrap().to_owned();
    let second = field("webhook-timestamp").parse().unwrap();
    let signature = sign(&field("secret"), &field("webhook-id"), second, &field("body"));
    assert_eq!(signature, field("webhook-signature"));
}

proptest! {
    #[test]
    fn a_signature_is_hmac_by_its_definition(
        key in prop::collection::vec(any::<u8>(), 24..=64),
        (id, body) in any::<(String, String)>(),
        second in 0_i64..4_000_000_000,
    ) {
        let message = format!("{id}.{second}.{body}");
        let expected = format!("v1,{}", STANDARD.encode(hmac_sha256(&key, message.as_bytes())));
        let secret = format!("whsec_{}", STANDARD.encode(&key));
        prop_assert_eq!(sign(&secret, &id, second, &body), expected);
    }
}
