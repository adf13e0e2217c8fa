//! The one table of live settings.

use std::time::Duration;

use url::Url;

use super::{
    Feature, MailSecurity, PriceListFormat, PriceSyncMode, PriceSyncSettings, Section, SettingInfo,
    SettingKind,
    read::{
        MILLIS, invitations, invitations_text, line, millis, secret, sender, time_zone, top_up,
        top_up_text, truth, web_address, whole,
    },
};

/// In milliseconds.
const A_WEEK: u32 = 7 * 24 * 3_600_000;
const A_MINUTE: u32 = 60_000;
/// As long as OpenAI keeps responses.
const A_MONTH: u32 = 30 * 24 * 3_600_000;
/// What is sealed must fit into a column and a packet of MySQL.
const RESPONSE_BYTES: (u32, u32) = (1_024, 4 << 20);

/// Every setting, in the order they are shown.
pub(super) const TABLE: &[SettingInfo] = &[
    SettingInfo {
        key: "site_name",
        about: "What the site is called.",
        section: Section::Site,
        kind: SettingKind::Text,
        hides: &[],
        set: |settings, text| {
            settings.site_name = line(text)?.unwrap_or_else(|| "Realms".to_owned());
            Ok(())
        },
        get: |settings| settings.site_name.clone(),
    },
    SettingInfo {
        key: "site_base_url",
        about: "The address people reach this site at, used in links and callbacks.",
        section: Section::Site,
        kind: SettingKind::Url,
        hides: &[],
        set: |settings, text| web_address(text).map(|url| settings.site_base_url = url),
        get: |settings| settings.site_base_url.as_ref().map(Url::to_string).unwrap_or_default(),
    },
    SettingInfo {
        key: "time_zone",
        about: "The time zone in which days of usage begin, such as Asia/Shanghai.",
        section: Section::Usage,
        kind: SettingKind::TimeZone,
        hides: &[],
        set: |settings, text| time_zone(text).map(|name| settings.time_zone = name),
        get: |settings| settings.time_zone.clone(),
    },
    SettingInfo {
        key: "users_see_channels",
        about: "Whether users see through which channels their calls went: true or false. In self mode they always do.",
        section: Section::Usage,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.users_see_channels = is),
        get: |settings| settings.users_see_channels.to_string(),
    },
    SettingInfo {
        key: "allow_unpriced_models",
        about: "Whether models without a price may be called in business mode, for nothing: true or false.",
        section: Section::Usage,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.allow_unpriced_models = is),
        get: |settings| settings.allow_unpriced_models.to_string(),
    },
    SettingInfo {
        key: "price_sync_url",
        about: "Where a list of prices is that models are kept up with: https, JSON of at most 8 MiB. Empty: nothing is looked at.",
        section: Section::Usage,
        kind: SettingKind::Url,
        hides: &[],
        set: |settings, text| web_address(text).map(|url| settings.price_sync.url = url),
        get: |settings| settings.price_sync.url.as_ref().map(Url::to_string).unwrap_or_default(),
    },
    SettingInfo {
        key: "price_sync_format",
        about: "The form of that list: realms, litellm, or auto, told by its shape.",
        section: Section::Usage,
        kind: SettingKind::Choice(PriceListFormat::WORDS),
        hides: &[],
        set: |settings, text| {
            PriceListFormat::read(text).map(|one| settings.price_sync.format = one)
        },
        get: |settings| settings.price_sync.format.as_str().to_owned(),
    },
    SettingInfo {
        key: "price_sync_hours",
        about: "How often that list is looked at, in hours, up to 720; 0: only when somebody asks.",
        section: Section::Usage,
        kind: SettingKind::Integer { min: 0, max: PriceSyncSettings::MOST_HOURS },
        hides: &[],
        set: |settings, text| {
            whole(text, 0, PriceSyncSettings::MOST_HOURS).map(|n| settings.price_sync.hours = n)
        },
        get: |settings| settings.price_sync.hours.to_string(),
    },
    SettingInfo {
        key: "price_sync_mode",
        about: "What becomes of prices that changed in that list: review, they wait until somebody takes them; apply, they are set. Pinned prices stay in both.",
        section: Section::Usage,
        kind: SettingKind::Choice(PriceSyncMode::WORDS),
        hides: &[],
        set: |settings, text| PriceSyncMode::read(text).map(|one| settings.price_sync.mode = one),
        get: |settings| settings.price_sync.mode.as_str().to_owned(),
    },
    SettingInfo {
        key: "price_sync_factor",
        about: "A price that moves by more than so many times, or to nothing, is never set by itself, 2 to 100.",
        section: Section::Usage,
        kind: SettingKind::Integer { min: 2, max: 100 },
        hides: &[],
        set: |settings, text| whole(text, 2, 100).map(|n| settings.price_sync.factor = n),
        get: |settings| settings.price_sync.factor.to_string(),
    },
    SettingInfo {
        key: "pay_as_you_go",
        about: "Whether the balance pays for what no plan bears: true or false. Otherwise only plans pay for calls.",
        section: Section::Billing,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.pay_as_you_go = is),
        get: |settings| settings.pay_as_you_go.to_string(),
    },
    SettingInfo {
        key: "top_up",
        about: "How balances are topped up, as JSON; empty: not at all. By currency: `credit`, the USD that a unit is worth; `minimum` and `presets` in minor units; `bonuses`, each `{\"from\": minor units, \"extra\": \"0.1\"}`.",
        section: Section::Billing,
        kind: SettingKind::Json,
        hides: &[],
        set: |settings, text| top_up(text).map(|terms| settings.top_up = terms),
        get: |settings| top_up_text(&settings.top_up),
    },
    SettingInfo {
        key: "invitations",
        about: "What is given when somebody comes by the invitation of a user, as JSON; empty: there are none, as in self mode. `inviter_usd` and `invitee_usd`, 0 to 1000 each; `after`: `first_payment` unless it is set, or `sign_up`, for which accounts are made up.",
        section: Section::Billing,
        kind: SettingKind::Json,
        hides: &["/account/invitations"],
        set: |settings, text| invitations(text).map(|terms| settings.invitations = terms),
        get: |settings| invitations_text(settings.invitations.as_ref()),
    },
    SettingInfo {
        key: "setup_dismissed",
        about: "Hides the guide to the first call: true or false.",
        section: Section::Site,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.setup_dismissed = is),
        get: |settings| settings.setup_dismissed.to_string(),
    },
    SettingInfo {
        key: "tokens_revealable",
        about: "Whether users can have their own API keys shown again: true or false.",
        section: Section::LogIn,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.tokens_revealable = is),
        get: |settings| settings.tokens_revealable.to_string(),
    },
    SettingInfo {
        key: "feature_announcements",
        about: "Whether there are announcements; in self mode there are none: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/announcements"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::Announcements, on))
        },
        get: |settings| settings.features.has(Feature::Announcements).to_string(),
    },
    SettingInfo {
        key: "feature_tokens",
        about: "Whether there are API keys that users make themselves: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/tokens", "/connect", "/playground"],
        set: |settings, text| truth(text).map(|on| settings.features.switch(Feature::Tokens, on)),
        get: |settings| settings.features.has(Feature::Tokens).to_string(),
    },
    SettingInfo {
        key: "feature_usage",
        about: "Whether there is a user's own usage: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/usage"],
        set: |settings, text| truth(text).map(|on| settings.features.switch(Feature::Usage, on)),
        get: |settings| settings.features.has(Feature::Usage).to_string(),
    },
    SettingInfo {
        key: "feature_models",
        about: "Whether there are the list of models: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/models", "/connect", "/playground"],
        set: |settings, text| truth(text).map(|on| settings.features.switch(Feature::Models, on)),
        get: |settings| settings.features.has(Feature::Models).to_string(),
    },
    SettingInfo {
        key: "feature_billing",
        about: "Whether there are balances, plans and payments; in self mode there are none: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/subscription", "/topup", "/account/invitations"],
        set: |settings, text| truth(text).map(|on| settings.features.switch(Feature::Billing, on)),
        get: |settings| settings.features.has(Feature::Billing).to_string(),
    },
    SettingInfo {
        key: "feature_tickets",
        about: "Whether there are tickets; in self mode there are none: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/tickets"],
        set: |settings, text| truth(text).map(|on| settings.features.switch(Feature::Tickets, on)),
        get: |settings| settings.features.has(Feature::Tickets).to_string(),
    },
    SettingInfo {
        key: "feature_playground",
        about: "Whether there is trying models in the browser: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/playground"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::Playground, on))
        },
        get: |settings| settings.features.has(Feature::Playground).to_string(),
    },
    SettingInfo {
        key: "feature_admin_channels",
        about: "Whether there are managing channels: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/admin/channels", "/admin/accounts", "/admin/channel-groups"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::AdminChannels, on))
        },
        get: |settings| settings.features.has(Feature::AdminChannels).to_string(),
    },
    SettingInfo {
        key: "feature_admin_channel_groups",
        about: "Whether there are managing channel groups: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/admin/channel-groups"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::AdminChannelGroups, on))
        },
        get: |settings| settings.features.has(Feature::AdminChannelGroups).to_string(),
    },
    SettingInfo {
        key: "feature_admin_users",
        about: "Whether there are managing users: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/admin/users", "/admin/user-groups"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::AdminUsers, on))
        },
        get: |settings| settings.features.has(Feature::AdminUsers).to_string(),
    },
    SettingInfo {
        key: "feature_admin_usage",
        about: "Whether there is everyone's usage: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/admin/requests"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::AdminUsage, on))
        },
        get: |settings| settings.features.has(Feature::AdminUsage).to_string(),
    },
    SettingInfo {
        key: "feature_admin_announcements",
        about: "Whether there is managing announcements; in self mode there is none: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/admin/announcements"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::AdminAnnouncements, on))
        },
        get: |settings| settings.features.has(Feature::AdminAnnouncements).to_string(),
    },
    SettingInfo {
        key: "feature_oauth_apps",
        about: "Whether apps of others can be let in, and call; in self mode there are none: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/oauth/authorize"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::OauthApps, on))
        },
        get: |settings| settings.features.has(Feature::OauthApps).to_string(),
    },
    SettingInfo {
        key: "feature_ranking",
        about: "Whether users see who calls most, each as they choose to be shown; in self mode there is none: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/ranking"],
        set: |settings, text| truth(text).map(|on| settings.features.switch(Feature::Ranking, on)),
        get: |settings| settings.features.has(Feature::Ranking).to_string(),
    },
    SettingInfo {
        key: "feature_public_prices",
        about: "Whether anyone may see what models cost, without an account; in self mode nobody: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/prices"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::PublicPrices, on))
        },
        get: |settings| settings.features.has(Feature::PublicPrices).to_string(),
    },
    SettingInfo {
        key: "feature_public_status",
        about: "Whether anyone may see how models have been doing, without an account; in self mode nobody: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/status"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::PublicStatus, on))
        },
        get: |settings| settings.features.has(Feature::PublicStatus).to_string(),
    },
    SettingInfo {
        key: "feature_public_key",
        about: "Whether whoever enters an API key may see its limits and what it used, without an account; in self mode nobody: true or false.",
        section: Section::Features,
        kind: SettingKind::Boolean,
        hides: &["/key"],
        set: |settings, text| {
            truth(text).map(|on| settings.features.switch(Feature::PublicKey, on))
        },
        get: |settings| settings.features.has(Feature::PublicKey).to_string(),
    },
    SettingInfo {
        key: "allow_open_registration",
        about: "Whether anyone may sign up: true or false.",
        section: Section::SignUp,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.allow_open_registration = is),
        get: |settings| settings.allow_open_registration.to_string(),
    },
    SettingInfo {
        key: "registration_contact",
        about: "Whom to ask for an account, as the log-in page shows it.",
        section: Section::SignUp,
        kind: SettingKind::Text,
        hides: &[],
        set: |settings, text| line(text).map(|line| settings.registration_contact = line),
        get: |settings| settings.registration_contact.clone().unwrap_or_default(),
    },
    SettingInfo {
        key: "email_verification_enable",
        about: "Whether who signs up must prove that the address is theirs: true or false. It needs mail.",
        section: Section::SignUp,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.email_verification_enable = is),
        get: |settings| settings.email_verification_enable.to_string(),
    },
    SettingInfo {
        key: "smtp_host",
        about: "The mail server. Without it no mail leaves.",
        section: Section::Mail,
        kind: SettingKind::Text,
        hides: &[],
        set: |settings, text| line(text).map(|line| settings.mail.host = line),
        get: |settings| settings.mail.host.clone().unwrap_or_default(),
    },
    SettingInfo {
        key: "smtp_port",
        about: "The port of the mail server, 1 to 65535.",
        section: Section::Mail,
        kind: SettingKind::Integer { min: 1, max: 65_535 },
        hides: &[],
        set: |settings, text| {
            let port = whole(text, 1, 65_535)?;
            settings.mail.port = u16::try_from(port).map_err(|error| error.to_string())?;
            Ok(())
        },
        get: |settings| settings.mail.port.to_string(),
    },
    SettingInfo {
        key: "smtp_security",
        about: "How the connection to the mail server is protected: starttls, tls or plain.",
        section: Section::Mail,
        kind: SettingKind::Choice(MailSecurity::WORDS),
        hides: &[],
        set: |settings, text| MailSecurity::read(text).map(|one| settings.mail.security = one),
        get: |settings| settings.mail.security.as_str().to_owned(),
    },
    SettingInfo {
        key: "smtp_username",
        about: "Whom to log in as at the mail server.",
        section: Section::Mail,
        kind: SettingKind::Text,
        hides: &[],
        set: |settings, text| line(text).map(|line| settings.mail.username = line),
        get: |settings| settings.mail.username.clone().unwrap_or_default(),
    },
    SettingInfo {
        key: "smtp_password",
        about: "The password at the mail server.",
        section: Section::Mail,
        kind: SettingKind::Secret,
        hides: &[],
        set: |settings, text| secret(text).map(|secret| settings.mail.password = secret),
        get: |_| String::new(),
    },
    SettingInfo {
        key: "mail_from",
        about: "Who mail is from, such as Realms <realms@example.org>.",
        section: Section::Mail,
        kind: SettingKind::Text,
        hides: &[],
        set: |settings, text| sender(text).map(|from| settings.mail.from = from),
        get: |settings| settings.mail.from.clone().unwrap_or_default(),
    },
    SettingInfo {
        key: "oidc_name",
        about: "What the button says that leads to the OpenID Connect provider.",
        section: Section::LogIn,
        kind: SettingKind::Text,
        hides: &[],
        set: |settings, text| line(text).map(|line| settings.oidc.name = line),
        get: |settings| settings.oidc.name.clone().unwrap_or_default(),
    },
    SettingInfo {
        key: "oidc_issuer",
        about: "The address of an OpenID Connect provider to log in with.",
        section: Section::LogIn,
        kind: SettingKind::Url,
        hides: &[],
        set: |settings, text| web_address(text).map(|url| settings.oidc.issuer = url),
        get: |settings| settings.oidc.issuer.as_ref().map(Url::to_string).unwrap_or_default(),
    },
    SettingInfo {
        key: "oidc_client_id",
        about: "Who Realms is at the OpenID Connect provider.",
        section: Section::LogIn,
        kind: SettingKind::Text,
        hides: &[],
        set: |settings, text| line(text).map(|line| settings.oidc.client_id = line),
        get: |settings| settings.oidc.client_id.clone().unwrap_or_default(),
    },
    SettingInfo {
        key: "oidc_client_secret",
        about: "The secret of Realms at the OpenID Connect provider.",
        section: Section::LogIn,
        kind: SettingKind::Secret,
        hides: &[],
        set: |settings, text| secret(text).map(|secret| settings.oidc.client_secret = secret),
        get: |_| String::new(),
    },
    SettingInfo {
        key: "oidc_allow_registration",
        about: "Whether who has an account at the OpenID Connect provider gets one here: true or false.",
        section: Section::LogIn,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.oidc.allow_registration = is),
        get: |settings| settings.oidc.allow_registration.to_string(),
    },
    SettingInfo {
        key: "github_client_id",
        about: "The client id of the OAuth app at GitHub to log in with.",
        section: Section::LogIn,
        kind: SettingKind::Text,
        hides: &[],
        set: |settings, text| line(text).map(|line| settings.github.client_id = line),
        get: |settings| settings.github.client_id.clone().unwrap_or_default(),
    },
    SettingInfo {
        key: "github_client_secret",
        about: "The secret of the OAuth app at GitHub.",
        section: Section::LogIn,
        kind: SettingKind::Secret,
        hides: &[],
        set: |settings, text| secret(text).map(|secret| settings.github.client_secret = secret),
        get: |_| String::new(),
    },
    SettingInfo {
        key: "retry_max_attempts",
        about: "Attempts of one call over all candidates, 1 to 20.",
        section: Section::Routing,
        kind: SettingKind::Integer { min: 1, max: 20 },
        hides: &[],
        set: |settings, text| whole(text, 1, 20).map(|n| settings.retry_max_attempts = n),
        get: |settings| settings.retry_max_attempts.to_string(),
    },
    SettingInfo {
        key: "retry_max_tries",
        about: "Attempts of one call with the same candidate, 1 to 20.",
        section: Section::Routing,
        kind: SettingKind::Integer { min: 1, max: 20 },
        hides: &[],
        set: |settings, text| whole(text, 1, 20).map(|n| settings.retry_max_tries = n),
        get: |settings| settings.retry_max_tries.to_string(),
    },
    SettingInfo {
        key: "retry_max_elapsed_ms",
        about: "No attempt starts later than this many milliseconds after the first.",
        section: Section::Routing,
        kind: SettingKind::DurationMs { min: MILLIS.0, max: MILLIS.1 },
        hides: &[],
        set: |settings, text| millis(text).map(|time| settings.retry_max_elapsed = time),
        get: |settings| settings.retry_max_elapsed.as_millis().to_string(),
    },
    SettingInfo {
        key: "retry_base_delay_ms",
        about: "The first pause before a candidate is tried again, in milliseconds.",
        section: Section::Routing,
        kind: SettingKind::DurationMs { min: MILLIS.0, max: MILLIS.1 },
        hides: &[],
        set: |settings, text| millis(text).map(|time| settings.retry_base_delay = time),
        get: |settings| settings.retry_base_delay.as_millis().to_string(),
    },
    SettingInfo {
        key: "retry_max_delay_ms",
        about: "The longest pause before a candidate is tried again, in milliseconds.",
        section: Section::Routing,
        kind: SettingKind::DurationMs { min: MILLIS.0, max: MILLIS.1 },
        hides: &[],
        set: |settings, text| millis(text).map(|time| settings.retry_max_delay = time),
        get: |settings| settings.retry_max_delay.as_millis().to_string(),
    },
    SettingInfo {
        key: "hedge_after_ms",
        about: "How long a stream may take to begin before another candidate is asked beside it and the first to answer is taken, in milliseconds; 0: never. Where a model usually takes longer, twice as long as usual.",
        section: Section::Routing,
        kind: SettingKind::DurationMs { min: 0, max: MILLIS.1 },
        hides: &[],
        set: |settings, text| {
            whole(text, 0, MILLIS.1)
                .map(|number| settings.hedge_after = Duration::from_millis(number.into()))
        },
        get: |settings| settings.hedge_after.as_millis().to_string(),
    },
    SettingInfo {
        key: "hedge_percent",
        about: "So many of a hundred streams may be asked of two candidates at once, 1 to 50. Both may cost.",
        section: Section::Routing,
        kind: SettingKind::Integer { min: 1, max: 50 },
        hides: &[],
        set: |settings, text| whole(text, 1, 50).map(|n| settings.hedge_percent = n),
        get: |settings| settings.hedge_percent.to_string(),
    },
    SettingInfo {
        key: "affinity_ttl_ms",
        about: "How long a session stays with the credential that served it last, in milliseconds; 0: not at all.",
        section: Section::Routing,
        kind: SettingKind::DurationMs { min: 0, max: A_WEEK },
        hides: &[],
        set: |settings, text| {
            whole(text, 0, A_WEEK)
                .map(|number| settings.affinity_ttl = Duration::from_millis(number.into()))
        },
        get: |settings| settings.affinity_ttl.as_millis().to_string(),
    },
    SettingInfo {
        key: "idempotency_ttl_ms",
        about: "How long the answer of a call with an Idempotency-Key is kept, sealed, for repeats of it, in milliseconds; 0: such keys mean nothing.",
        section: Section::Routing,
        kind: SettingKind::DurationMs { min: 0, max: A_WEEK },
        hides: &[],
        set: |settings, text| {
            whole(text, 0, A_WEEK)
                .map(|number| settings.idempotency_ttl = Duration::from_millis(number.into()))
        },
        get: |settings| settings.idempotency_ttl.as_millis().to_string(),
    },
    SettingInfo {
        key: "responses_state",
        about: "Whether conversations are kept, sealed, so that clients of Responses can go on from an answer (previous_response_id) whose upstream keeps none, such as one of another dialect: true or false.",
        section: Section::Routing,
        kind: SettingKind::Boolean,
        hides: &[],
        set: |settings, text| truth(text).map(|is| settings.responses_state = is),
        get: |settings| settings.responses_state.to_string(),
    },
    SettingInfo {
        key: "responses_state_ttl_ms",
        about: "How long such a response is kept, in milliseconds, a minute to 30 days.",
        section: Section::Routing,
        kind: SettingKind::DurationMs { min: A_MINUTE, max: A_MONTH },
        hides: &[],
        set: |settings, text| {
            whole(text, A_MINUTE, A_MONTH)
                .map(|number| settings.responses_state_ttl = Duration::from_millis(number.into()))
        },
        get: |settings| settings.responses_state_ttl.as_millis().to_string(),
    },
    SettingInfo {
        key: "responses_state_bytes",
        about: "The most bytes that are kept of such a response with the conversation before it, 1024 to 4194304. From a larger one nobody can go on.",
        section: Section::Routing,
        kind: SettingKind::Integer { min: RESPONSE_BYTES.0, max: RESPONSE_BYTES.1 },
        hides: &[],
        set: |settings, text| {
            whole(text, RESPONSE_BYTES.0, RESPONSE_BYTES.1)
                .map(|n| settings.responses_state_bytes = n)
        },
        get: |settings| settings.responses_state_bytes.to_string(),
    },
    SettingInfo {
        key: "responses_state_per_key",
        about: "So many such responses are kept of one API key, 1 to 100000; the oldest go first.",
        section: Section::Routing,
        kind: SettingKind::Integer { min: 1, max: 100_000 },
        hides: &[],
        set: |settings, text| whole(text, 1, 100_000).map(|n| settings.responses_state_per_key = n),
        get: |settings| settings.responses_state_per_key.to_string(),
    },
    SettingInfo {
        key: "keep_alive_interval_ms",
        about: "Silence of a stream before a keep-alive goes to the client, in milliseconds.",
        section: Section::Routing,
        kind: SettingKind::DurationMs { min: MILLIS.0, max: MILLIS.1 },
        hides: &[],
        set: |settings, text| millis(text).map(|time| settings.keep_alive_interval = time),
        get: |settings| settings.keep_alive_interval.as_millis().to_string(),
    },
];
