//! `wirereport dashboard`: a link that signs in to the dashboard once.

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::text::{eprint, print_verbatim};
use crate::api::auth::{GOOD_FOR, Scope};
use crate::api::types::{SignInCode, TokenOrder};

/// Print a link that opens the dashboard and signs in.
///
/// It is good once and for five minutes. The session that it begins ends with signing out, by itself after a while, or by
/// `wirereport token revoke`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the session may do.
    #[arg(long, default_value = "admin")]
    scope: Scope,
    /// How long the session lasts: from 1min to 365d.
    #[arg(long, default_value = "12h", value_name = "TIME")]
    expires: String,
    /// Whose it is, in the list of tokens and in the audit log.
    #[arg(long, default_value = "dashboard")]
    name: String,
    /// Where the dashboard is reached from outside, behind a proxy: `https://wire.example.org/desk/`
    /// [default: where the service listens].
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let order = TokenOrder {
        name: args.name.clone(),
        scopes: vec![args.scope],
        expires_in: Some(args.expires.clone()),
    };
    let code: SignInCode = connect(place)?.post("/v1/sign-in-codes", &order).await?;
    let page = page(args.url.as_deref(), code.page)?;
    print_verbatim(&format!("{page}#code={}\n", code.code))?;
    let (name, scope, minutes) = (&args.name, args.scope, GOOD_FOR.as_secs() / 60);
    eprint(&format!(
        "good once, for {minutes} min; it signs {name} in with the scope {scope}, for {}",
        args.expires
    ));
    Ok(())
}

/// The page's address. What comes after a code's `#` is sent to no server and stands in no log.
fn page(outside: Option<&str>, here: Option<String>) -> Result<String, Failure> {
    let Some(outside) = outside else {
        return here.ok_or_else(|| {
            Failure::failed(
                "the service listens on no port; set `api.listen`, such as to \"127.0.0.1:8000\", and restart it",
            )
        });
    };
    let page = reqwest::Url::parse(outside).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none()
    });
    let page = page.ok_or_else(|| {
        Failure::usage(format_args!(
            "--url {outside} is no address such as \"https://wire.example.org/desk/\""
        ))
    })?;
    Ok(format!("{}/", page.as_str().trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;

    #[test]
    fn the_link_leads_to_where_the_page_is() {
        let here = "http://127.0.0.1:8000/";
        assert_eq!(page(None, Some(here.to_owned())).as_deref(), Ok(here));
        for url in ["https://wire.example.org/desk", "https://wire.example.org/desk/"] {
            assert_eq!(page(Some(url), None).as_deref(), Ok("https://wire.example.org/desk/"));
        }
        for url in ["wire.example.org", "ftp://wire.example.org", "https://wire.example.org/#a"] {
            assert_eq!(page(Some(url), None).expect_err(url).exit, Exit::Usage);
        }
        let nowhere = page(None, None).expect_err("no port").message;
        assert!(nowhere.starts_with("the service listens on no port; "), "{nowhere}");
    }
}
