//! The bare client: the requests that the wire made, made again with nothing around them.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use anyhow::ensure;
use secrecy::SecretString;
use tokio::task::JoinSet;
use tokio::time::Instant;
use wirereport::channels::webhook::SigningKey;
use wirereport::clock::SystemClock;
use wirereport::ledger::SqliteLedger;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::{Ledger, PostFilter};
use wirereport_actors::wire::post::Frozen;

use super::{Args, SECRET, Sent, peak};

pub(super) async fn send(args: &Args) -> anyhow::Result<Sent> {
    let ledger = SqliteLedger::open(args.dir.join("ledger.db"))?;
    let posts = ledger.posts(&PostFilter { limit: usize::MAX >> 1, ..PostFilter::default() }).await?;
    drop(ledger);
    let requests: Vec<Frozen> = posts.into_iter().filter_map(|post| post.frozen).collect();
    let posts = requests.len();
    let client = Arc::new(Client {
        http: wirereport::http::client(Duration::from_secs(5), Duration::from_secs(20))?,
        url: args.url.clone(),
        key: SigningKey::parse(&SecretString::from(SECRET))?,
        requests: Mutex::new(requests),
    });
    let begun = Instant::now();
    let mut under_way = JoinSet::new();
    for _ in 0..args.in_flight {
        under_way.spawn(Arc::clone(&client).send_all());
    }
    while let Some(sent) = under_way.join_next().await {
        sent??;
    }
    Ok(Sent { posts, seconds: begun.elapsed().as_secs_f64(), peak: peak()?, ..Sent::default() })
}

struct Client {
    http: reqwest::Client,
    url: String,
    key: SigningKey,
    /// The last one goes first.
    requests: Mutex<Vec<Frozen>>,
}

impl Client {
    fn next(&self) -> Option<Frozen> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn send_all(self: Arc<Self>) -> anyhow::Result<()> {
        while let Some(Frozen { body, key }) = self.next() {
            let dated = SystemClock.now().as_second();
            let request = self
                .http
                .post(&self.url)
                .header("content-type", "application/json")
                .header("webhook-id", &key)
                .header("webhook-timestamp", dated)
                .header("webhook-signature", self.key.sign(&key, dated, &body))
                .header("idempotency-key", format!("\"{key}\""))
                .body(body);
            let status = request.send().await?.status();
            ensure!(status.is_success(), "the receiver answered {status}");
        }
        Ok(())
    }
}
