//! Pages of lists that are sorted by a growing number, newest first.
//!
//! A cursor is opaque, so that the number behind it may become something else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::MOST;
use super::problem::Problem;
use super::views::Page;

/// How many are asked for.
pub(super) fn limit(limit: Option<usize>) -> Result<usize, Problem> {
    match limit.unwrap_or(50) {
        limit if (1..=usize::from(MOST)).contains(&limit) => Ok(limit),
        limit => Err(Problem::bad_request(format!("limit must be from 1 to {MOST}, and {limit} is not"))),
    }
}

/// Below which number the page begins that is asked for, by its cursor or outright.
pub(super) fn before(list: &str, cursor: Option<&str>, before: Option<i64>) -> Result<Option<i64>, Problem> {
    let Some(cursor) = cursor else { return Ok(before) };
    let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let place = text.as_deref().and_then(|text| text.strip_prefix(list)?.strip_prefix(':')?.parse().ok());
    let place: i64 = place.ok_or_else(|| {
        Problem::bad_request("the cursor is none of this list's; send back what `next` said, as it stands")
    })?;
    Ok(Some(before.map_or(place, |before| before.min(place))))
}

/// A page of what was found, which is one more than was asked for where there is another page.
pub(super) fn page<T>(list: &str, mut found: Vec<T>, limit: usize, place: impl Fn(&T) -> i64) -> Page<T> {
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more).map(place);
    let next = last.map(|last| URL_SAFE_NO_PAD.encode(format!("{list}:{last}")));
    Page { items: found, next }
}
