//! A stand-in for a feed's host on a port of its own: pages with their query, what is answered, and what was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

#[derive(Debug, Clone)]
pub(super) enum Answer {
    Body(Vec<u8>),
    Status(u16, Vec<(&'static str, String)>, Vec<u8>),
    Hang,
}

impl Answer {
    pub(super) fn json(value: &Value) -> Self {
        Self::Body(value.to_string().into_bytes())
    }

    pub(super) fn status(status: u16) -> Self {
        Self::Status(status, Vec::new(), Vec::new())
    }
}

#[derive(Debug, Default)]
struct Stage {
    pages: BTreeMap<String, Answer>,
    asked: Vec<String>,
    heads: Vec<HeaderMap>,
}

/// The running stand-in; dropping it ends it. A page it does not know is answered with 404.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) url: String,
    stage: Arc<Mutex<Stage>>,
    server: JoinHandle<()>,
}

impl Host {
    pub(super) async fn start() -> Self {
        let stage = Arc::<Mutex<Stage>>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(Arc::clone(&stage));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, stage, server }
    }

    pub(super) fn set(&self, page: &str, answer: Answer) {
        self.stage.lock().unwrap().pages.insert(page.to_owned(), answer);
    }

    /// The pages that were asked for, with their queries, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.stage.lock().unwrap().asked.clone()
    }

    /// That header of each request that had it.
    pub(super) fn headers(&self, name: &str) -> Vec<String> {
        let stage = self.stage.lock().unwrap();
        let values = stage.heads.iter().filter_map(|head| head.get(name));
        values.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    pub(super) fn user_agents(&self) -> Vec<String> {
        self.headers("user-agent")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(stage): State<Arc<Mutex<Stage>>>, request: Request) -> Response {
    let page = request.uri().to_string();
    let answer = {
        let mut stage = stage.lock().unwrap();
        stage.asked.push(page.clone());
        stage.heads.push(request.headers().clone());
        stage.pages.get(&page).cloned().unwrap_or(Answer::status(404))
    };
    match answer {
        Answer::Body(body) => Response::new(Body::from(body)),
        Answer::Status(status, headers, body) => {
            let builder = Response::builder().status(status);
            let builder =
                headers.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value));
            builder.body(Body::from(body)).unwrap()
        }
        Answer::Hang => std::future::pending().await,
    }
}
