//! The language model's server: the list of its models, which costs nothing.

use serde_json::Value;

use super::{About, Finding, Patient};
use crate::channels::platform::{Answer, exchange, words};
use crate::settings::OpenAiSettings;
use crate::settings::secrets;

/// How long the server may take to answer.
const ANSWERS_WITHIN: std::time::Duration = std::time::Duration::from_secs(10);

pub(super) async fn writer(patient: &Patient) -> Option<Finding> {
    let loaded = patient.loaded.as_ref()?;
    let settings = loaded.settings.writers.openai.as_ref()?;
    let about = About::new("writer", "openai");
    // Without its key it is told of with the secrets.
    let secrets = secrets::of_writers(loaded, &patient.sources.env).ok()?;
    let key = settings.api_key_env.as_ref().and_then(|name| secrets.get(name));
    let client = match crate::http::client(settings.connect_timeout, ANSWERS_WITHIN) {
        Ok(client) => client,
        Err(error) => return Some(about.error(crate::http::describe(error), "change the setting")),
    };
    let request = client.get(format!("{}/models", settings.base_url.trim_end_matches('/')));
    let request = match key {
        Some(key) => request.bearer_auth(secrecy::ExposeSecret::expose_secret(key)),
        None => request,
    };
    Some(match exchange(request).await {
        Ok(answer) => judged(&about, settings, &answer),
        Err(silence) => about.warning(
            format!("its server cannot be reached: {silence}"),
            "start it, or correct `writers.openai.base_url`; the templates speak meanwhile",
        ),
    })
}

fn judged(about: &About, settings: &OpenAiSettings, answer: &Answer) -> Finding {
    let model = &settings.model;
    let body: Value = answer.json().unwrap_or_default();
    match answer.status {
        200 => {
            let listed = body["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            match listed.iter().any(|listed| listed["id"] == model.as_str()) {
                true => about.ok(format!("its server is there and has {model}")),
                false => about.warning(
                    format!("its server is there, and does not list {model}"),
                    "correct `writers.openai.model`; the templates speak meanwhile",
                ),
            }
        }
        401 | 403 => {
            let said = words(body["error"]["message"].as_str().unwrap_or_default());
            about.error(
                format!("its server refuses the key with HTTP {} ({said})", answer.status),
                "put a new key in its place and run `wirereport reload`; the templates speak meanwhile",
            )
        }
        404 => about.note("its server is there, and lists no models"),
        status => {
            about.warning(format!("its server answered HTTP {status}"), "wait: the templates speak meanwhile")
        }
    }
}
