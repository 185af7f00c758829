//! What each platform tells of an account for nothing. No URL that holds a secret is shown.

use reqwest::{RequestBuilder, Url};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{About, Finding};
use crate::channels::Notebook;
use crate::channels::platform::{self, Answer, Silence, exchange, words};
use crate::settings::secrets::Secrets;
use crate::settings::{
    BlueskySettings, DiscordSettings, IncomingWebhookSettings, MastodonSettings, TelegramSettings,
};

/// How long a platform may take to answer.
const ANSWERS_WITHIN: std::time::Duration = std::time::Duration::from_secs(10);

const RENEW: &str = "put a new secret in its place and run `wirereport reload`";

/// What is asked about, with its secrets.
pub(super) struct Way<'a> {
    pub(super) about: &'a About,
    pub(super) secrets: &'a Secrets,
    /// What becomes of it while the other side is away: `posts wait`.
    pub(super) meanwhile: &'static str,
}

impl Way<'_> {
    fn secret(&self, variable: &str) -> String {
        secret(self.secrets, variable)
    }

    /// Has a request made of the platform at that address, and reads its answer.
    async fn ask(
        &self,
        what: &'static str,
        address: &str,
        request: impl FnOnce(&reqwest::Client, &Url) -> RequestBuilder,
    ) -> Result<Answer, Finding> {
        let wrong = |error: platform::AccountError| self.about.error(error.to_string(), "change the setting");
        let url = platform::address(what, address).map_err(wrong)?;
        let client = platform::client(ANSWERS_WITHIN).map_err(wrong)?;
        exchange(request(&client, &url)).await.map_err(|silence| self.unreachable(&silence))
    }

    fn unreachable(&self, silence: &Silence) -> Finding {
        let next = format!("see whether this machine reaches the network; {} meanwhile", self.meanwhile);
        self.about.error(format!("it cannot be reached: {silence}"), next)
    }

    /// What an answer says that is no yes.
    fn refused(&self, whose: &str, answer: &Answer, said: &str) -> Finding {
        let said = if said.is_empty() { String::new() } else { format!(" ({})", words(said)) };
        let what = format!("{whose} answered HTTP {}{said}", answer.status);
        match answer.status {
            401 | 403 => self.about.error(format!("{what}: the account is not let in"), RENEW),
            400 | 404 | 410 => {
                self.about.error(what, "check its settings and its secret, and that it is there")
            }
            429 => {
                self.about.note(format!("{what}: it wants to be asked less often, and was not asked again"))
            }
            _ => self.about.warning(what, "wait: the platform itself is not well"),
        }
    }
}

/// The secret that this variable holds; it was checked to be there.
pub(super) fn secret(secrets: &Secrets, variable: &str) -> String {
    secrets.get(variable).map(|secret| secret.expose_secret().to_owned()).unwrap_or_default()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn body(answer: &Answer) -> Value {
    answer.json().unwrap_or_default()
}

/// Asks a host for its first page's head, without path or secret: whatever it answers, it is there.
pub(super) async fn host(way: &Way<'_>, address: &str, silent: &str) -> Vec<Finding> {
    let Ok(url) = Url::parse(address) else {
        return vec![way.about.error("its address is no URL", "change it to https://host/path")];
    };
    let name = url.host_str().unwrap_or_default().to_owned();
    let client = match platform::client(ANSWERS_WITHIN) {
        Ok(client) => client,
        Err(error) => return vec![way.about.error(error.to_string(), "change the setting")],
    };
    let mut first = url;
    first.set_path("/");
    first.set_query(None);
    first.set_fragment(None);
    // An address may hold a user and a password, which only a post is to carry.
    let _ = (first.set_username(""), first.set_password(None));
    vec![match exchange(client.head(first)).await {
        Ok(_) => way.about.note(format!("{name} answers; {silent}")),
        Err(silence) => way.unreachable(&silence),
    }]
}

pub(super) async fn telegram(way: &Way<'_>, settings: &TelegramSettings) -> Vec<Finding> {
    let TelegramSettings { api_url, token_env, chat, audit_chat, .. } = settings;
    let chats = std::iter::once(chat).chain(audit_chat);
    bot(way, (api_url, token_env), chats, "make the bot an administrator there").await
}

/// Whether a bot is let in and sees these chats; `mend` says what lets it see one.
pub(super) async fn bot(
    way: &Way<'_>,
    (api_url, token_env): (&str, &str),
    chats: impl Iterator<Item = &String>,
    mend: &str,
) -> Vec<Finding> {
    let token = way.secret(token_env);
    let call = async |method: &'static str, arguments: Value| {
        way.ask("the Bot API", api_url, |client, api| {
            platform::json(client.post(format!("{api}bot{token}/{method}")), arguments.to_string())
        })
        .await
    };
    let me = match call("getMe", json!({})).await {
        Ok(answer) if answer.is_success() => body(&answer),
        Ok(answer) => return vec![way.refused("Telegram", &answer, text(&body(&answer), "description"))],
        Err(finding) => return vec![finding],
    };
    let bot = text(&me["result"], "username").to_owned();
    let mut findings = vec![way.about.ok(format!("Telegram lets the bot @{bot} in"))];
    for chat in chats {
        let id = chat.parse::<i64>().map_or_else(|_| Value::from(chat.as_str()), Value::from);
        findings.push(match call("getChat", json!({"chat_id": id})).await {
            Ok(answer) if answer.is_success() => {
                let seen = &body(&answer)["result"];
                let title = ["title", "first_name"].map(|key| text(seen, key)).join("");
                way.about.ok(format!("@{bot} sees {chat}, \"{}\"", words(&title)))
            }
            Ok(answer) if matches!(answer.status, 400 | 403) => way.about.error(
                format!("@{bot} does not see {chat} ({})", words(text(&body(&answer), "description"))),
                format!("check the chat's name or id, and {mend}"),
            ),
            Ok(answer) => way.refused("Telegram", &answer, text(&body(&answer), "description")),
            Err(finding) => finding,
        });
    }
    findings
}

pub(super) async fn mastodon(way: &Way<'_>, settings: &MastodonSettings) -> Vec<Finding> {
    let token = way.secret(&settings.token_env);
    let asked = way
        .ask("the Mastodon server", &settings.server_url, |client, server| {
            client.get(format!("{server}api/v1/accounts/verify_credentials")).bearer_auth(token)
        })
        .await;
    vec![match asked {
        Ok(answer) if answer.is_success() => {
            way.about.ok(format!("the server lets @{} in", words(text(&body(&answer), "username"))))
        }
        Ok(answer) => way.refused("the server", &answer, text(&body(&answer), "error")),
        Err(finding) => finding,
    }]
}

/// With the session that the channel keeps, as long as it is good; else with a new one, which is not kept.
pub(super) async fn bluesky(way: &Way<'_>, settings: &BlueskySettings, notes: &Notebook) -> Vec<Finding> {
    let kept: Value = notes.read().unwrap_or_default();
    let access = text(&kept, "accessJwt").to_owned();
    if !access.is_empty() {
        let asked = way
            .ask("the Bluesky service", &settings.service_url, |client, service| {
                client.get(format!("{service}xrpc/com.atproto.server.getSession")).bearer_auth(&access)
            })
            .await;
        match asked {
            Ok(answer) if answer.is_success() => {
                let handle = words(text(&body(&answer), "handle"));
                return vec![way.about.ok(format!("Bluesky lets {handle} in with the session that is kept"))];
            }
            Ok(_) => {}
            Err(finding) => return vec![finding],
        }
    }
    let credentials =
        json!({"identifier": settings.account, "password": way.secret(&settings.app_password_env)});
    let asked = way
        .ask("the Bluesky service", &settings.service_url, |client, service| {
            let url = format!("{service}xrpc/com.atproto.server.createSession");
            platform::json(client.post(url), credentials.to_string())
        })
        .await;
    vec![match asked {
        Ok(answer) if answer.is_success() => {
            way.about.ok(format!("Bluesky lets {} in", words(text(&body(&answer), "handle"))))
        }
        Ok(answer) => way.refused("Bluesky", &answer, text(&body(&answer), "message")),
        Err(finding) => finding,
    }]
}

pub(super) async fn discord(way: &Way<'_>, settings: &DiscordSettings) -> Vec<Finding> {
    let bot = format!("Bot {}", way.secret(&settings.token_env));
    let get = async |page: String| {
        way.ask("Discord's API", &settings.api_url, |client, api| {
            client.get(format!("{api}{page}")).header(reqwest::header::AUTHORIZATION, &bot)
        })
        .await
    };
    let me = match get("users/@me".to_owned()).await {
        Ok(answer) if answer.is_success() => words(text(&body(&answer), "username")),
        Ok(answer) => return vec![way.refused("Discord", &answer, text(&body(&answer), "message"))],
        Err(finding) => return vec![finding],
    };
    let let_in = way.about.ok(format!("Discord lets the bot {me} in"));
    let channel = match get(format!("channels/{}", settings.channel_id)).await {
        Ok(answer) if answer.is_success() => {
            way.about.ok(format!("{me} sees the channel #{}", words(text(&body(&answer), "name"))))
        }
        Ok(answer) if matches!(answer.status, 403 | 404) => way.about.error(
            format!("{me} does not see the channel {} (HTTP {})", settings.channel_id, answer.status),
            "check the channel's id, and let the bot see it, send messages and read the history there",
        ),
        Ok(answer) => way.refused("Discord", &answer, text(&body(&answer), "message")),
        Err(finding) => finding,
    };
    vec![let_in, channel]
}

pub(super) async fn discord_webhook(way: &Way<'_>, settings: &IncomingWebhookSettings) -> Vec<Finding> {
    let url = way.secret(&settings.url_env);
    let asked = way
        .ask("the Discord webhook", &url, |client, url| client.get(url.as_str().trim_end_matches('/')))
        .await;
    vec![match asked {
        Ok(answer) if answer.is_success() => {
            way.about.ok(format!("the webhook \"{}\" is there", words(text(&body(&answer), "name"))))
        }
        Ok(answer) => way.refused("Discord", &answer, text(&body(&answer), "message")),
        Err(finding) => finding,
    }]
}
