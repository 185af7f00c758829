//! What is taken out of a request, with a problem of our own where it does not fit.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query};

use super::problem::Problem;

/// A path parameter, with a problem of our own where it does not fit.
#[derive(FromRequestParts)]
#[from_request(via(Path), rejection(Problem))]
pub(super) struct Named<T>(pub(super) T);

/// A query, likewise.
#[derive(FromRequestParts)]
#[from_request(via(Query), rejection(Problem))]
pub(super) struct Asked<T>(pub(super) T);

/// A JSON body, likewise.
#[derive(FromRequest)]
#[from_request(via(Json), rejection(Problem))]
pub(super) struct Body<T>(pub(super) T);

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(rejection.status(), format!("the path is not understood: {}", cause(&rejection)))
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), format!("the query is not understood: {}", cause(&rejection)))
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), format!("the body is not understood: {}", cause(&rejection)))
    }
}

/// What is at the bottom of a rejection: what stands above it says no more than that there is one.
fn cause(rejection: &dyn std::error::Error) -> String {
    let mut cause = rejection;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
