//! The routes, each a line or two on top of [`Service`].

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, Router};
use wirereport_actors::ports::ledger::{PostRecord, StoryRecord, Switches};
use wirereport_actors::wire::post::{Post, PostId};
use wirereport_actors::wire::story::StoryId;

use super::auth::Caller;
use super::extract::{Asked, Body, Named};
use super::openapi::{Described, get, post, post_from_outside};
use super::problem::Problem;
use super::redaction::{self, Verbatim};
use super::service::Service;
use super::stream::{EVENTS, StreamQuery};
use super::types::{
    AuditQuery, BackupRequest, Done, Edit, Explanation, ListedPost, Me, PostQuery, Rejected, Reload,
    Resolution, SignIn, SignInCode, Status, StoryQuery, SubmissionOrder, SubmissionShown, TokenIssued,
    TokenOrder,
};
use super::views::{ChannelView, GameQuery, GameView, List, Page, SettingView, SportView};
use super::{MOST_BYTES, audit};
use crate::ledger::access::{AuditRecord, TokenRecord};
use crate::telemetry::Redactor;

type Answer<T> = Result<Json<T>, Problem>;

/// The whole API over `service`. Every change is recorded, and no answer holds a secret.
pub fn router(service: Service) -> Router {
    let audited = audit::audited(routes(service.clone()), service);
    redaction::redacted(audited, Redactor::of_process())
}

/// Every operation, with what it is asked with and what it answers.
fn described() -> (Router<Service>, serde_json::Value) {
    Described::default()
        .on("/v1/status", get(status, "How the service and its tree stand").answers::<Status>())
        .on("/v1/sports", get(sports, "The leagues that are followed").answers::<List<SportView>>())
        .on(
            "/v1/games",
            get(games, "The games that are known").query::<GameQuery>().answers::<List<GameView>>(),
        )
        .on("/v1/channels", get(channels, "The channels as they stand").answers::<List<ChannelView>>())
        .on("/v1/settings", get(settings, "The settings and where they stand").answers::<List<SettingView>>())
        .on(
            "/v1/stream",
            get(stream, "What happens, as server-sent events").query::<StreamQuery>().answers_events(&EVENTS),
        )
        .on("/v1/actors/restart/{*name}", post(restart, "Restart an actor").answers::<Done>())
        .on("/v1/actors/pause/{*name}", post(pause, "Pause an actor").answers::<Done>())
        .on("/v1/actors/resume/{*name}", post(resume, "Resume an actor").answers::<Done>())
        .on("/v1/posts", get(posts, "Posts, newest first").query::<PostQuery>().answers::<Page<ListedPost>>())
        .on("/v1/posts/{number}", get(show_post, "One post with its attempts").answers::<PostRecord>())
        .on("/v1/posts/{number}/approve", post(approve, "Let a post go that awaits it").answers::<Post>())
        .on(
            "/v1/posts/{number}/edit",
            post(edit, "Give a post that awaits approval another text").body::<Edit>().answers::<Post>(),
        )
        .on(
            "/v1/posts/{number}/reject",
            post(reject, "Drop a post that awaits approval").body::<Rejected>().answers::<Post>(),
        )
        .on("/v1/posts/{number}/retry", post(retry, "Send a post on its way again").answers::<Post>())
        .on("/v1/posts/{number}/discard", post(discard, "Drop a post that has not left").answers::<Post>())
        .on(
            "/v1/posts/{number}/resolve",
            post(resolve, "Say what became of an unknown post").body::<Resolution>().answers::<Post>(),
        )
        .on(
            "/v1/stories",
            get(stories, "What was noticed, newest first")
                .query::<StoryQuery>()
                .answers::<Page<StoryRecord>>(),
        )
        .on("/v1/stories/{*story}", get(explain, "Why a story was told, or not").answers::<Explanation>())
        .on(
            "/v1/submissions",
            post(submit, "Show how an event would be told, or tell it")
                .body::<SubmissionOrder>()
                .answers::<SubmissionShown>(),
        )
        .on("/v1/switches", get(switches, "What is switched off").answers::<Switches>())
        .on("/v1/publishing/stop", post(stop_publishing, "Stop every channel").answers::<Done>())
        .on("/v1/publishing/resume", post(resume_publishing, "Let every channel go on").answers::<Done>())
        .on("/v1/tokens", get(tokens, "The tokens that were issued").answers::<Vec<TokenRecord>>())
        .on("/v1/tokens", post(issue_token, "Issue a token").body::<TokenOrder>().answers::<TokenIssued>())
        .on("/v1/tokens/{which}/revoke", post(revoke_token, "End a token").answers::<Vec<TokenRecord>>())
        .on(
            "/v1/audit-log",
            get(audit_log, "Who changed what").query::<AuditQuery>().answers::<Page<AuditRecord>>(),
        )
        .on("/v1/backup", post(backup, "Copy the ledger").body::<BackupRequest>().answers::<Done>())
        .on("/v1/reload", post(reload, "Read the settings again").answers::<Reload>())
        .on("/v1/me", get(me, "Who asks, and what he may do").answers::<Me>())
        .on(
            "/v1/sign-in-codes",
            post(sign_in_code, "A code that signs in to the dashboard once")
                .body::<TokenOrder>()
                .answers::<SignInCode>(),
        )
        .on(
            "/v1/sign-in",
            post_from_outside("Sign in to the dashboard, over the network alone")
                .body::<SignIn>()
                .answers::<Me>()
                .sets_cookie("The session, which a browser shows in the place of a token."),
        )
        .on(
            "/v1/sign-out",
            post(sign_out, "End the session that a page has")
                .answers::<Done>()
                .sets_cookie("Ends the session's cookie."),
        )
        .on("/v1/openapi.json", get(openapi, "This description"))
        .finish()
}

/// The description of the API.
pub(super) static DESCRIPTION: LazyLock<serde_json::Value> = LazyLock::new(|| described().1);

fn routes(service: Service) -> Router {
    described()
        .0
        .fallback(|| async { Problem::not_found("such path in this API") })
        .method_not_allowed_fallback(|method: Method, uri: Uri| async move {
            let detail = format!("{} does not take {method}", uri.path());
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
        })
        .layer(axum::extract::DefaultBodyLimit::max(MOST_BYTES))
        .with_state(service)
}

async fn openapi() -> Json<&'static serde_json::Value> {
    Json(&*DESCRIPTION)
}

fn done(detail: impl Into<String>) -> Answer<Done> {
    Ok(Json(Done { detail: detail.into() }))
}

async fn status(State(service): State<Service>) -> Result<Response, Problem> {
    let text = service.status_text().await?;
    Ok((Extension(Verbatim), [(header::CONTENT_TYPE, "application/json")], text).into_response())
}

async fn sports(State(service): State<Service>) -> Answer<List<SportView>> {
    Ok(Json(List { items: service.sports().await? }))
}

async fn games(State(service): State<Service>, Asked(query): Asked<GameQuery>) -> Answer<List<GameView>> {
    Ok(Json(List { items: service.games(query).await? }))
}

async fn channels(State(service): State<Service>) -> Answer<List<ChannelView>> {
    Ok(Json(List { items: service.channels().await? }))
}

async fn settings(State(service): State<Service>) -> Answer<List<SettingView>> {
    Ok(Json(List { items: service.settings()? }))
}

async fn stream(
    State(service): State<Service>,
    Asked(query): Asked<StreamQuery>,
    request: Request,
) -> Result<Response, Problem> {
    service.stream(&query, request.headers(), Caller::of(&request)).await
}

async fn restart(State(service): State<Service>, Named(name): Named<String>) -> Answer<Done> {
    let path = service.restart(&name).await?;
    done(format!("{path} is being restarted"))
}

async fn pause(State(service): State<Service>, Named(name): Named<String>) -> Answer<Done> {
    let path = service.pause(&name).await?;
    done(format!("{path} is paused until it is resumed"))
}

async fn resume(State(service): State<Service>, Named(name): Named<String>) -> Answer<Done> {
    let path = service.resume(&name).await?;
    done(format!("{path} is resumed"))
}

async fn posts(State(service): State<Service>, Asked(query): Asked<PostQuery>) -> Answer<Page<ListedPost>> {
    Ok(Json(service.posts(query).await?))
}

async fn show_post(State(service): State<Service>, Named(id): Named<i64>) -> Answer<PostRecord> {
    Ok(Json(service.post(PostId(id)).await?))
}

async fn approve(State(service): State<Service>, Named(id): Named<i64>) -> Answer<Post> {
    Ok(Json(service.approve(PostId(id)).await?))
}

async fn edit(State(service): State<Service>, Named(id): Named<i64>, Body(edit): Body<Edit>) -> Answer<Post> {
    Ok(Json(service.edit(PostId(id), &edit).await?))
}

async fn reject(
    State(service): State<Service>,
    Named(id): Named<i64>,
    Body(rejected): Body<Rejected>,
) -> Answer<Post> {
    Ok(Json(service.reject(PostId(id), &rejected).await?))
}

async fn retry(State(service): State<Service>, Named(id): Named<i64>) -> Answer<Post> {
    Ok(Json(service.retry(PostId(id)).await?))
}

async fn discard(State(service): State<Service>, Named(id): Named<i64>) -> Answer<Post> {
    Ok(Json(service.discard(PostId(id)).await?))
}

async fn resolve(
    State(service): State<Service>,
    Named(id): Named<i64>,
    Body(resolution): Body<Resolution>,
) -> Answer<Post> {
    Ok(Json(service.resolve(PostId(id), resolution).await?))
}

async fn stories(
    State(service): State<Service>,
    Asked(query): Asked<StoryQuery>,
) -> Answer<Page<StoryRecord>> {
    Ok(Json(service.stories(query).await?))
}

async fn explain(State(service): State<Service>, Named(id): Named<String>) -> Answer<Explanation> {
    Ok(Json(service.explain(StoryId(id)).await?))
}

async fn submit(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
    event: Bytes,
) -> Answer<SubmissionShown> {
    let event = std::str::from_utf8(&event)
        .map_err(|_| Problem::bad_request("the body is not UTF-8 text; an event is JSON"))?;
    Ok(Json(service.submit(event, &caller).await?))
}

async fn switches(State(service): State<Service>) -> Answer<Switches> {
    Ok(Json(service.switches().await?))
}

async fn stop_publishing(State(service): State<Service>) -> Answer<Done> {
    service.stop_publishing().await?;
    done("publishing is stopped on every channel; attempts under way come to their end")
}

async fn resume_publishing(State(service): State<Service>) -> Answer<Done> {
    service.resume_publishing().await?;
    done("publishing goes on")
}

async fn backup(State(service): State<Service>, Body(request): Body<BackupRequest>) -> Answer<Done> {
    service.backup(&request).await?;
    done(format!("ledger backed up to {}", request.path.display()))
}

/// The one answer that leaves with a secret in it, since that is what was asked for.
async fn issue_token(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
    Body(order): Body<TokenOrder>,
) -> Result<Response, Problem> {
    let issued = service.issue_token(&order, &caller).await?;
    Ok((Extension(Verbatim), [(header::CACHE_CONTROL, "no-store")], Json(issued)).into_response())
}

async fn tokens(State(service): State<Service>) -> Answer<Vec<TokenRecord>> {
    Ok(Json(service.tokens().await?))
}

async fn revoke_token(
    State(service): State<Service>,
    Named(which): Named<String>,
) -> Answer<Vec<TokenRecord>> {
    Ok(Json(service.revoke_token(&which).await?))
}

async fn me(request: Request) -> Json<Me> {
    Json(Me::of(&Caller::of(&request)))
}

async fn sign_in_code(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
    Body(order): Body<TokenOrder>,
) -> Result<Response, Problem> {
    let code = service.sign_in_code(order, &caller)?;
    Ok((Extension(Verbatim), [(header::CACHE_CONTROL, "no-store")], Json(code)).into_response())
}

async fn sign_out(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    let forget = service.sign_out(&caller).await?;
    Ok(([(header::SET_COOKIE, forget)], done("signed out")?).into_response())
}

async fn audit_log(
    State(service): State<Service>,
    Asked(query): Asked<AuditQuery>,
) -> Answer<Page<AuditRecord>> {
    Ok(Json(service.audit_log(query).await?))
}

async fn reload(State(service): State<Service>) -> Answer<Reload> {
    Ok(Json(service.reload().await?))
}
