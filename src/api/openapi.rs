//! The API's description, OpenAPI 3.1, made of the routes themselves: whoever adds one says in the same breath what it is
//! asked with and what it answers, and the schemas are those of the types that go over the wire.

use std::collections::BTreeMap;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::auth::required;
use super::problem::Problem;
use super::service::Service;

type Make = fn(&mut SchemaGenerator) -> Schema;

/// One operation: what is done, with what, and what is answered.
pub(super) struct Operation {
    method: Method,
    /// `None` where it is routed elsewhere.
    routed: Option<MethodRouter<Service>>,
    summary: &'static str,
    query: Option<Make>,
    body: Option<Make>,
    answer: (&'static str, Option<Make>),
    events: &'static [&'static str],
    cookie: Option<&'static str>,
}

/// Something that is read.
pub(super) fn get<H, T>(handler: H, summary: &'static str) -> Operation
where
    H: Handler<T, Service>,
    T: 'static,
{
    Operation::of(Method::GET, Some(on(MethodFilter::GET, handler)), summary)
}

/// Something that is done.
pub(super) fn post<H, T>(handler: H, summary: &'static str) -> Operation
where
    H: Handler<T, Service>,
    T: 'static,
{
    Operation::of(Method::POST, Some(on(MethodFilter::POST, handler)), summary)
}

/// Something that our own page does for who is not let in yet. It is routed before the gate, and only described here.
pub(super) fn post_from_outside(summary: &'static str) -> Operation {
    Operation::of(Method::POST, None, summary)
}

impl Operation {
    fn of(method: Method, routed: Option<MethodRouter<Service>>, summary: &'static str) -> Self {
        let answer = ("application/json", None);
        Self { method, routed, summary, query: None, body: None, answer, events: &[], cookie: None }
    }

    /// Its query has these fields.
    pub(super) fn query<Q: JsonSchema>(self) -> Self {
        Self { query: Some(|generator| generator.root_schema_for::<Q>()), ..self }
    }

    /// It wants such a body.
    pub(super) fn body<B: JsonSchema>(self) -> Self {
        Self { body: Some(|generator| generator.subschema_for::<B>()), ..self }
    }

    /// It answers that.
    pub(super) fn answers<A: JsonSchema>(self) -> Self {
        Self { answer: ("application/json", Some(|generator| generator.subschema_for::<A>())), ..self }
    }

    /// Its answer sets a cookie, which does that.
    pub(super) fn sets_cookie(self, what: &'static str) -> Self {
        Self { cookie: Some(what), ..self }
    }

    /// It answers with events of these types, as long as somebody listens.
    pub(super) fn answers_events(self, events: &'static [&'static str]) -> Self {
        Self { answer: ("text/event-stream", None), events, ..self }
    }
}

/// What a request must carry that shows nothing else, so that no other site's page can send it.
fn ours() -> Value {
    json!({
        "name": "X-Wirereport", "in": "header", "required": true, "schema": { "const": "1" },
        "description": "That the request is our own page's: other sites' may not send it.",
    })
}

/// Routes, and the description of them.
pub(super) struct Described {
    router: Router<Service>,
    paths: BTreeMap<String, Map<String, Value>>,
    asked: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Default for Described {
    fn default() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            router: Router::new(),
            paths: BTreeMap::new(),
            asked: settings().for_deserialize().into_generator(),
            answered: settings().for_serialize().into_generator(),
        }
    }
}

impl Described {
    /// Adds an operation.
    pub(super) fn on(mut self, path: &str, operation: Operation) -> Self {
        let shown = path.replace("{*", "{");
        let described = self.described(&shown, &operation);
        let method = operation.method.as_str().to_ascii_lowercase();
        self.paths.entry(shown).or_default().insert(method, described);
        if let Some(routed) = operation.routed {
            self.router = self.router.route(path, routed);
        }
        self
    }

    fn described(&mut self, path: &str, operation: &Operation) -> Value {
        let mut parameters: Vec<Value> = path.split('/').filter_map(path_parameter).collect();
        parameters.extend(operation.query.iter().flat_map(|query| query_parameters(&query(&mut self.asked))));
        parameters.extend(operation.routed.is_none().then(ours));
        let (media_type, answer) = operation.answer;
        let schema = match answer {
            Some(answer) => answer(&mut self.answered).to_value(),
            None => json!({ "type": if media_type == "application/json" { "object" } else { "string" } }),
        };
        let problem = self.answered.subschema_for::<Problem>().to_value();
        let mut described = json!({
            "operationId": operation_id(&operation.method, path),
            "summary": operation.summary,
            "parameters": parameters,
            "responses": {
                "200": { "description": "What was asked for.", "content": { media_type: { "schema": schema } } },
                "default": {
                    "description": "What is wrong, in one sentence (RFC 9457).",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
        });
        if operation.routed.is_some() {
            described["x-scope"] = json!(required(&operation.method, path).as_str());
        } else {
            described["security"] = json!([]);
        }
        if let Some(what) = operation.cookie {
            described["responses"]["200"]["headers"] =
                json!({ "Set-Cookie": { "description": what, "schema": { "type": "string" } } });
        }
        if !operation.events.is_empty() {
            described["x-event-types"] = json!(operation.events);
        }
        if let Some(body) = operation.body {
            let schema = body(&mut self.asked).to_value();
            described["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        described
    }

    /// The routes, and the whole description.
    pub(super) fn finish(mut self) -> (Router<Service>, Value) {
        let mut schemas = self.answered.take_definitions(true);
        schemas.extend(self.asked.take_definitions(true));
        let description = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "wirereport",
                "version": env!("CARGO_PKG_VERSION"),
                "description": "See and change everything of a running wire.",
            },
            "servers": [{ "url": ".." }],
            "security": [{ "token": [] }],
            "paths": self.paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": { "token": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "A token as `wirereport token issue` makes them. `x-scope` says what it must be good for.",
                } },
            },
        });
        (self.router, description)
    }
}

/// `POST /v1/posts/{id}/retry` is `post_posts_id_retry`.
fn operation_id(method: &Method, path: &str) -> String {
    let parts = path.split('/').skip(2).map(|part| part.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    parts.fold(method.as_str().to_ascii_lowercase(), |id, part| format!("{id}_{part}"))
}

fn path_parameter(part: &str) -> Option<Value> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    let schema = match name {
        "number" => json!({ "type": "integer", "format": "int64" }),
        _ => json!({ "type": "string", "minLength": 1 }),
    };
    Some(json!({ "name": name, "in": "path", "required": true, "schema": schema }))
}

/// Every field of a query as a parameter.
fn query_parameters(query: &Schema) -> Vec<Value> {
    let fields = query.get("properties").and_then(Value::as_object);
    let fields = fields.into_iter().flatten().map(|(name, schema)| {
        let mut schema = schema.clone();
        let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        // What is not given is left out; there is no null in a query.
        if let Some(types) = schema.get_mut("type").filter(|types| types.is_array()) {
            *types = types[0].clone();
        }
        json!({ "name": name, "in": "query", "description": description, "schema": schema })
    });
    fields.collect()
}
