//! The API's description, and every answer of these tests against it.

use std::collections::BTreeSet;

use super::*;
use crate::api::routes::DESCRIPTION;

/// Holds an answer against the description of its operation.
pub(super) fn check(method: &str, path: &str, status: StatusCode, body: &Value) {
    let Some(operation) = operation(method, path.split('?').next().unwrap()) else { return };
    let (code, kind) = match status.is_success() {
        true => ("200", "application/json"),
        false => ("default", "application/problem+json"),
    };
    let schema = &operation["responses"][code]["content"][kind]["schema"];
    let wrong = wrong(schema, body, "answer");
    assert!(wrong.is_empty(), "{method} {path} breaks its description: {}", wrong.join("; "));
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    let fits = |template: &str| {
        let (mut parts, mut given) = (template.split('/'), path.split('/'));
        loop {
            match (parts.next(), given.next()) {
                (None, None) => return true,
                // What is last may hold slashes.
                (Some(part), Some(_)) if part.starts_with('{') && !template.ends_with("}/revoke") => {
                    if parts.clone().next().is_none() {
                        return true;
                    }
                }
                (Some(part), Some(given)) if part == given || part.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let mut found: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
    found.sort_by_key(|(template, _)| {
        (template.matches('{').count(), std::cmp::Reverse(template.matches('/').count()))
    });
    found.first()?.1.get(method.to_ascii_lowercase())
}

/// What of a value is not as its schema says: the part of JSON Schema that descriptions are made of.
fn wrong(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Some(schema) = schema.as_object() else {
        return if schema == &Value::Bool(false) { vec![format!("{at} may not be")] } else { Vec::new() };
    };
    let mut found = Vec::new();
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = DESCRIPTION.pointer(reference.strip_prefix('#').unwrap());
        found.extend(wrong(target.unwrap_or_else(|| panic!("{reference} is nowhere")), value, at));
    }
    let is = |kind: &Value| match kind.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    match schema.get("type") {
        Some(Value::Array(kinds)) if !kinds.iter().any(is) => {
            found.push(format!("{at} is {value}, not {kinds:?}"));
        }
        Some(kind @ Value::String(_)) if !is(kind) => found.push(format!("{at} is {value}, not {kind}")),
        _ => {}
    }
    if schema.get("const").is_some_and(|wanted| wanted != value) {
        found.push(format!("{at} is {value}"));
    }
    if schema.get("enum").and_then(Value::as_array).is_some_and(|words| !words.contains(value)) {
        found.push(format!("{at} is {value}, which is none of its words"));
    }
    let branches = |name: &str| schema.get(name).and_then(Value::as_array);
    found.extend(branches("allOf").into_iter().flatten().flat_map(|branch| wrong(branch, value, at)));
    for name in ["anyOf", "oneOf"] {
        let all: Vec<_> =
            branches(name).into_iter().flatten().map(|branch| wrong(branch, value, at)).collect();
        if !all.is_empty() && all.iter().all(|wrong| !wrong.is_empty()) {
            found.push(format!("{at} is {value}, which fits none: {all:?}"));
        }
    }
    if let Some(fields) = value.as_object() {
        let known = schema.get("properties").and_then(Value::as_object);
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !fields.contains_key(name.as_str().unwrap()) {
                found.push(format!("{at} has no {name}"));
            }
        }
        for (name, field) in fields {
            let at = format!("{at}.{name}");
            match (known.and_then(|known| known.get(name)), schema.get("additionalProperties")) {
                (Some(schema), _) | (None, Some(schema)) => found.extend(wrong(schema, field, &at)),
                (None, None) => {}
            }
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        found.extend(
            items.iter().enumerate().flat_map(|(place, item)| wrong(schema, item, &format!("{at}[{place}]"))),
        );
    }
    found
}

#[tokio::test]
async fn the_description_is_served_and_names_every_operation_once() {
    let mut desk = Desk::running().await;
    // Nobody serves reloads here, and nobody is to wait for one.
    desk.asked = None;
    let (status, described) = desk.get("/v1/openapi.json").await;
    assert_eq!((status, &described["openapi"]), (StatusCode::OK, &json!("3.1.0")));
    let (mut ids, mut operations) = (BTreeSet::new(), 0);
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{operation}");
            assert!(operation["responses"]["200"]["content"].is_object(), "{method} {path}");
            let asked = path.replace("{number}", "999").replace(['{', '}'], "");
            // What is routed before the gate is no route of the socket's.
            if path != "/v1/stream" && operation["security"] != json!([]) {
                let (_, answer) = desk.ask(&method.to_ascii_uppercase(), &asked, None).await;
                assert_ne!(answer["detail"], "no such path in this API", "{method} {path}");
            }
        }
    }
    assert_eq!(operations, 34, "one that was added is to be counted, and to be described");
    let text = described.to_string();
    for (at, _) in text.match_indices("\"$ref\":\"#") {
        let reference = text[at..].split('"').nth(3).unwrap();
        assert!(described.pointer(&reference[1..]).is_some(), "{reference} is nowhere");
    }
}

#[test]
fn the_stream_says_which_events_there_are() {
    let events = &operation("GET", "/v1/stream").unwrap()["x-event-types"];
    for event in ["story.recorded", "alert.raised", "alert.resolved", "log.warn"] {
        assert!(events.as_array().unwrap().contains(&json!(event)), "{event}");
    }
}

#[test]
fn what_breaks_a_description_is_noticed() {
    let (_, page) = ("", json!({ "items": [{ "name": 7 }], "next": null }));
    let operation = operation("GET", "/v1/channels").unwrap();
    let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    assert!(wrong(schema, &page, "answer").iter().any(|wrong| wrong.contains("answer.items[0]")));
    assert!(wrong(schema, &json!([]), "answer").len() == 1);
}
