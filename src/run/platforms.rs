//! From settings to the accounts on platforms.

use secrecy::SecretString;

use crate::channels::Notebook;
use crate::channels::telegram::{self, TelegramChannel};
use crate::settings::TelegramSettings;
use crate::settings::secrets::Secrets;

/// The secret that this variable holds.
pub(super) fn secret(secrets: &Secrets, variable: &str) -> Result<SecretString, String> {
    let missing = || format!("the variable {variable} that holds its secret is not set");
    secrets.get(variable).cloned().ok_or_else(missing)
}

pub(super) fn telegram(
    settings: &TelegramSettings,
    secrets: &Secrets,
    notebook: Notebook,
) -> Result<TelegramChannel, String> {
    let settings = telegram::TelegramSettings {
        api: settings.api_url.clone(),
        token: secret(secrets, &settings.token_env)?,
        chat: settings.chat.clone(),
        audit_chat: settings.audit_chat.clone(),
        attempt_within: settings.trying.timeout,
    };
    TelegramChannel::new(settings, notebook).map_err(|error| error.to_string())
}
