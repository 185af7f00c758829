//! `wirereport approve`, `edit` and `reject`: what an editor does with texts that await approval.

use super::Place;
use super::exit::Failure;
use super::posts::change;
use crate::api::types::{Edit, Rejected};

/// Let posts go that await approval.
///
/// `wirereport posts list --state awaiting_approval` lists them, and `wirereport explain STORY` shows the facts.
#[derive(Debug, clap::Args)]
pub(super) struct ApproveArgs {
    /// Their numbers.
    #[arg(required = true, value_name = "POST")]
    posts: Vec<i64>,
}

/// Give a post that awaits approval another text.
///
/// The text must follow from the facts, like any other, and fit its channel. It still awaits approval afterwards.
#[derive(Debug, clap::Args)]
pub(super) struct EditArgs {
    /// Its number.
    post: i64,
    /// The text.
    #[arg(long)]
    text: String,
    /// Answer for the text yourself: it is not held against the facts, and is marked as the editor's own.
    #[arg(long)]
    own: bool,
}

/// Drop posts that await approval.
#[derive(Debug, clap::Args)]
pub(super) struct RejectArgs {
    /// Their numbers.
    #[arg(required = true, value_name = "POST")]
    posts: Vec<i64>,
    /// Why, in a few words.
    #[arg(long)]
    reason: Option<String>,
}

pub(super) async fn approve(place: &Place, args: &ApproveArgs) -> Result<(), Failure> {
    for post in &args.posts {
        change(place, *post, "approve", &()).await?;
    }
    Ok(())
}

pub(super) async fn edit(place: &Place, args: EditArgs) -> Result<(), Failure> {
    let EditArgs { post, text, own } = args;
    change(place, post, "edit", &Edit { text, own }).await
}

pub(super) async fn reject(place: &Place, args: RejectArgs) -> Result<(), Failure> {
    let RejectArgs { posts, reason } = args;
    for post in posts {
        change(place, post, "reject", &Rejected { reason: reason.clone() }).await?;
    }
    Ok(())
}
