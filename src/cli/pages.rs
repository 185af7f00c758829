//! Lists that come in pages.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::exit::Failure;
use crate::api::MOST;
use crate::api::client::Client;
use crate::api::views::Page;

/// The most that a command lists.
pub(super) const LISTED: u16 = 10_000;

/// What `route` lists of what `query` asks for, page after page, at most so many.
pub(super) async fn listed<T: DeserializeOwned>(
    client: &Client,
    route: &str,
    query: &impl Serialize,
    most: u16,
) -> Result<Vec<T>, Failure> {
    let query = serde_urlencoded::to_string(query).map_err(Failure::failed)?;
    let most = usize::from(most);
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let limit = usize::from(MOST).min(most - items.len());
        let page: Page<T> = client.get(&format!("{route}?limit={limit}&{query}{cursor}")).await?;
        items.extend(page.items);
        match page.next {
            Some(next) if items.len() < most => cursor = format!("&cursor={next}"),
            _ => return Ok(items),
        }
    }
}
