//! What `wirereport channel login` waits for: that the login page leads back here, or that somebody says where it led.

use std::io::{BufRead, stdin};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use wirereport_actors::ports::clock::Clock;

use super::exit::Failure;
use super::text::{print_line, print_trouble};
use crate::channels::x::{Grant, Login, LoginError, LoginSettings};
use crate::clock::SystemClock;

/// How long the account's owner has.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// What came of the login page.
type Code = Result<SecretString, LoginError>;

/// Logs an account in.
pub(super) async fn log_in(settings: LoginSettings, paste: bool) -> Result<Grant, Failure> {
    let login = Arc::new(Login::begin(settings).map_err(Failure::configuration)?);
    let (codes, mut coming) = mpsc::channel(1);
    let listens_at = if paste { None } else { here(&login) };
    if let Some(address) = listens_at {
        listen(address, &login, codes.clone()).await?;
    }
    print_line(&format!("Let the app in on this page, logged in to X as the account:\n\n{}\n", login.page()));
    print_line(match listens_at {
        Some(_) => {
            "Waiting for the page to lead back here. Is the browser on another machine, paste the address it ends at:"
        }
        None => "Paste the address that the page leads to:",
    });
    read_pasted(&login, codes);
    let code = tokio::time::timeout(PATIENCE, coming.recv()).await;
    let code = match code {
        Ok(Some(code)) => code.map_err(Failure::failed)?,
        Ok(None) => {
            return Err(Failure::failed(
                "no address was given: run it again and paste the one that the page led to",
            ));
        }
        Err(_) => {
            return Err(Failure::failed(format_args!(
                "nobody let the app in within {PATIENCE:?}: run it again"
            )));
        }
    };
    login.complete(&code, SystemClock.now()).await.map_err(Failure::failed)
}

/// Where the page leads back to, where that is on this machine.
fn here(login: &Login) -> Option<SocketAddr> {
    let uri = login.redirect_uri();
    let host = uri.host_str()?.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse().ok().filter(std::net::IpAddr::is_loopback)?;
    (uri.scheme() == "http").then(|| SocketAddr::new(address, uri.port_or_known_default().unwrap_or(80)))
}

async fn listen(address: SocketAddr, login: &Arc<Login>, codes: mpsc::Sender<Code>) -> Result<(), Failure> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Failure::failed(format_args!(
            "cannot listen on {address} of redirect_uri ({error}): free it, or use --paste"
        ))
    })?;
    let router = Router::new()
        .route(login.redirect_uri().path(), get(led_back))
        .with_state((Arc::clone(login), codes));
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            print_trouble(&format_args!("nobody listens for the page any more ({error}): paste the address"));
        }
    });
    Ok(())
}

/// Answers the browser. An address that is not of this login changes nothing: any page could lead a browser here.
async fn led_back(
    State((login, codes)): State<(Arc<Login>, mpsc::Sender<Code>)>,
    RawQuery(query): RawQuery,
) -> Response {
    let page = |status: StatusCode, text: &'static str| {
        (status, Html(format!("<!doctype html><p>{text}"))).into_response()
    };
    match login.code(&format!("?{}", query.unwrap_or_default())) {
        Err(LoginError::AnotherLogin) => {
            page(StatusCode::BAD_REQUEST, "This is not the login that is under way.")
        }
        code => {
            let let_in = code.is_ok();
            // One code is enough.
            let _ = codes.try_send(code);
            match let_in {
                true => page(StatusCode::OK, "wirereport was let in. You can close this page."),
                false => page(StatusCode::OK, "wirereport was not let in."),
            }
        }
    }
}

/// Reads standard input beside everything else, in a thread that nobody waits for.
fn read_pasted(login: &Arc<Login>, codes: mpsc::Sender<Code>) {
    let login = Arc::clone(login);
    std::thread::spawn(move || {
        for line in stdin().lock().lines().map_while(Result::ok).filter(|line| !line.trim().is_empty()) {
            match login.code(&line) {
                Err(error @ LoginError::AnotherLogin) => print_trouble(&error),
                // One code is enough.
                code => return drop(codes.blocking_send(code)),
            }
        }
    });
}
