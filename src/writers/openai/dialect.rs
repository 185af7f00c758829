//! What a server was found to take.

use reqwest::Url;

/// What the server was found to take, for as long as the process runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) tokens: &'static str,
    pub(super) schema: bool,
    pub(super) effort: bool,
}

impl Dialect {
    /// OpenAI's own models take the newer name of the limit, other servers the older one.
    pub(super) fn of(url: &Url) -> Self {
        let newer = url.host_str() == Some("api.openai.com");
        Self {
            tokens: if newer { "max_completion_tokens" } else { "max_tokens" },
            schema: true,
            effort: true,
        }
    }

    /// The same without a parameter; `None` where that changes nothing.
    pub(super) fn without(&self, parameter: &str) -> Option<Self> {
        let other = match parameter {
            "max_tokens" => Self { tokens: "max_completion_tokens", ..self.clone() },
            "max_completion_tokens" => Self { tokens: "max_tokens", ..self.clone() },
            "response_format" => Self { schema: false, ..self.clone() },
            "reasoning_effort" => Self { effort: false, ..self.clone() },
            _ => return None,
        };
        (other != *self).then_some(other)
    }
}
