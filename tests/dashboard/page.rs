//! A service and a browser that looks at its dashboard.

use crate::browser::Browser;
use crate::desk::{Desk, Service};

/// A desk whose service runs, and a browser.
pub(crate) struct Page {
    pub(crate) desk: Desk,
    pub(crate) service: Service,
    pub(crate) browser: Browser,
}

impl Page {
    /// Starts a service with these settings and has nobody signed in; `None` where there is no browser.
    pub(crate) async fn strange(settings: &str, set: &[(&str, &str)]) -> Option<Self> {
        let browser = Browser::start().await?;
        let mut desk = Desk::with(settings);
        set.iter().for_each(|(name, value)| desk.set(name, value));
        let service = desk.start_ready().await;
        Some(Self { desk, service, browser })
    }

    /// The same, signed in by a link of that scope.
    pub(crate) async fn signed_in(scope: &str, settings: &str, set: &[(&str, &str)]) -> Option<Self> {
        let page = Self::strange(settings, set).await?;
        page.browser.open(&page.link(scope).await).await;
        page.browser.says("#who", scope).await;
        page.browser.says("#connection", "live").await;
        Some(page)
    }

    /// A link that signs in.
    pub(crate) async fn link(&self, scope: &str) -> String {
        let outcome = self.desk.run(&["dashboard", "--scope", scope]).await;
        assert_eq!(outcome.code, Some(0), "{}", outcome.err);
        assert!(outcome.err.starts_with("good once, for 5 min; "), "{}", outcome.err);
        let bare = self.service.bare_address("api").await;
        outcome.out.trim().replace(&bare, &self.service.address("api").await)
    }

    /// Ends both; the console must be clean but for what holds one of these.
    pub(crate) async fn quit(self, but: &[&str]) {
        self.browser.quit(but).await;
        self.service.stop().await;
    }
}
