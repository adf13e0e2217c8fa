//! `/api`: the admin API and the set-up of a fresh installation, with their OpenAPI document.
//!
//! Every route stands in one table with the principal it needs ([`access::ROUTES`]); a route that is
//! not there is refused. Errors are problems (RFC 9457), rendered in one place.

mod access;
mod account_view;
mod accounts;
mod admin_keys;
mod announcement_office;
mod announcements;
mod api_keys;
mod audit;
mod balance;
mod batch;
mod body;
mod bootstrap;
mod budgets;
mod call_view;
mod caller;
mod catalog;
mod channel_status;
mod channel_tests;
mod channel_tools;
mod codes;
mod cookie;
mod csv;
mod dashboard;
mod decision;
mod document;
mod email;
mod entry;
mod error_trials;
mod etag;
mod features;
mod findings;
mod gate;
mod group_names;
mod invitations;
mod list;
mod listing;
mod mail;
mod manifest;
mod me;
mod model_rows;
mod notices;
mod notification_acts;
mod notification_office;
mod notification_view;
mod notifications;
mod noting;
mod oauth_apps;
mod oauth_consent;
mod oauth_endpoints;
mod oauth_login;
mod objects;
mod order_office;
mod order_view;
mod orders;
mod origin;
mod overview;
mod passkeys;
mod password;
mod payment_channels;
mod people;
mod plans;
mod playground;
mod price_import;
mod price_sync;
mod price_versions;
mod price_view;
mod problem;
mod public_key;
mod public_models;
mod pulses;
mod quarantine;
mod query;
mod ranking;
mod readiness;
mod registration;
mod routing;
mod same_origin;
mod search;
mod session;
mod sessions;
mod settings;
mod setup;
mod shapes;
mod site;
mod sites;
mod stream;
mod subscription_view;
mod subscriptions;
mod sums;
mod throttle;
mod ticket_office;
mod ticket_view;
mod tickets;
mod tokens;
mod totp;
mod trace;
mod usage;
mod user_acts;
mod user_groups;
mod user_models;
mod user_sessions;

use std::{
    fmt,
    future::Future,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, atomic::AtomicBool},
};

use axum::{Router, middleware, routing::any};
use realms_catalog::Live;
use realms_commerce::Commerce;
use realms_identity::{Accounts, Sessions};
use realms_notify::Notifier;
use realms_relay::Relay;
use realms_support::Desk;
use realms_types::{Secret, UserId};
use realms_upstream::Upstream;
use tokio_util::sync::CancellationToken;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::{pulses::Pulses, ranking::Scores, sites::Sites, stream::Streams, throttle::Throttle};
use crate::{Editor, Loopback, PriceSync, price_sync::PriceSyncParts};

pub use document::openapi;
pub use settings::ConfigValue;
pub use setup::offer_setup;

/// What `/api` stands on.
#[derive(Clone)]
pub struct Console(Arc<Inner>);

/// What a console is made of.
pub struct ConsoleParts {
    /// Reads and edits the configuration.
    pub editor: Editor,
    /// The configuration in force on this node.
    pub catalog: Arc<Live>,
    /// Who is signed in.
    pub sessions: Sessions,
    /// The accounts of people.
    pub accounts: Accounts,
    /// The way out, to sites that people log in with.
    pub upstream: Upstream,
    /// The version of Realms.
    pub version: &'static str,
    /// Whether it serves a person or a team, without billing.
    pub self_mode: bool,
    /// The admin key of the environment, which may do everything. Others are in the database.
    pub admin_api_key: Option<Secret<String>>,
    /// Brings a change into force.
    pub reload: Reload,
    /// The bootstrap configuration, to be shown.
    pub config: Vec<ConfigValue>,
    /// The data plane: what is called, what rests, what is in flight.
    pub relay: Relay,
    /// What sells; nothing does in self mode.
    pub commerce: Option<Commerce>,
    /// What keeps tickets; nothing does in self mode.
    pub desk: Option<Desk>,
    /// What carries notifications; nothing does in self mode.
    pub notifier: Option<Notifier>,
    /// Brings browsers back from a log-in at a vendor.
    pub loopback: Loopback,
    /// Fires when the process begins to stop: what would stay open for ever ends.
    pub stopping: CancellationToken,
}

struct Inner {
    editor: Editor,
    catalog: Arc<Live>,
    sessions: Sessions,
    accounts: Accounts,
    sites: Sites,
    version: &'static str,
    self_mode: bool,
    admin_api_key: Option<Secret<String>>,
    reload: Reload,
    config: Vec<ConfigValue>,
    /// The data plane: what is called, what rests, what is in flight.
    relay: Relay,
    /// What sells; nothing does in self mode.
    commerce: Option<Commerce>,
    /// What keeps tickets; nothing does in self mode.
    desk: Option<Desk>,
    /// What carries notifications; nothing does in self mode.
    notifier: Option<Notifier>,
    /// Brings browsers back from a log-in at a vendor.
    loopback: Loopback,
    /// Fires when the process begins to stop.
    stopping: CancellationToken,
    /// The open streams of events.
    streams: Streams,
    /// How channels and models have been doing.
    pulses: Pulses,
    /// Whether a test of a channel went well since this process started.
    tested: AtomicBool,
    /// Wrong admin keys by the network they came from.
    guesses: Throttle<IpAddr>,
    /// Secrets that were shown, by the user or the admin key that asked.
    reveals: Throttle<i64>,
    /// Wrong set-up codes, wherever they came from.
    setup_guesses: Throttle<()>,
    /// Redemption codes that nobody knows, by the user who tried.
    code_guesses: Throttle<UserId>,
    /// Tests of notification targets, by the user who asks; those of the site are nobody's.
    target_tests: Throttle<Option<UserId>>,
    /// What users say in tickets: each goes out to everybody who runs the site.
    ticket_words: Throttle<UserId>,
    /// API keys that are looked up without an account, by the network that asks.
    key_looks: Throttle<IpAddr>,
    /// Who called most.
    scores: Scores,
    /// What keeps prices up with a list elsewhere.
    price_sync: PriceSync,
}

/// Brings a committed change into force on this node: loads the catalogue and forgets cached callers.
/// It resolves when that is done.
pub type Reload = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

// === impl ConsoleParts ===

impl fmt::Debug for ConsoleParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleParts").field("editor", &self.editor).finish_non_exhaustive()
    }
}

// === impl Console ===

impl Console {
    /// A console made of these parts.
    pub fn new(parts: ConsoleParts) -> Self {
        let ConsoleParts {
            editor,
            catalog,
            sessions,
            accounts,
            upstream,
            version,
            self_mode,
            admin_api_key,
            reload,
            config,
            relay,
            commerce,
            desk,
            notifier,
            loopback,
            stopping,
        } = parts;
        let price_sync = PriceSync::new(PriceSyncParts {
            editor: editor.clone(),
            catalog: Arc::clone(&catalog),
            upstream: upstream.clone(),
            reload: Arc::clone(&reload),
            node: relay.node_id,
            tells: !self_mode,
        });
        let sites = Sites::new(upstream, editor.clock.clone());
        let guesses = Throttle::new(editor.clock.clone(), 30);
        let reveals = Throttle::new(editor.clock.clone(), 60);
        let setup_guesses = Throttle::new(editor.clock.clone(), 10);
        let code_guesses = Throttle::new(editor.clock.clone(), 10);
        let target_tests = Throttle::new(editor.clock.clone(), 30);
        let ticket_words = Throttle::new(editor.clock.clone(), 60);
        let key_looks = Throttle::new(editor.clock.clone(), 60);
        Self(Arc::new(Inner {
            editor,
            catalog,
            sessions,
            accounts,
            sites,
            version,
            self_mode,
            admin_api_key,
            reload,
            config,
            relay,
            commerce,
            desk,
            notifier,
            loopback,
            stopping,
            streams: Streams::default(),
            pulses: Pulses::default(),
            tested: AtomicBool::new(false),
            guesses,
            reveals,
            setup_guesses,
            code_guesses,
            target_tests,
            ticket_words,
            key_looks,
            scores: Scores::default(),
            price_sync,
        }))
    }

    /// What keeps prices up with a list elsewhere.
    pub fn price_sync(&self) -> PriceSync {
        self.0.price_sync.clone()
    }

    /// Every route under `/api`, anything unknown there included; outside self mode also what apps of others call.
    pub fn router(self) -> Router {
        let for_apps = if self.0.self_mode {
            Router::new()
        } else {
            oauth_endpoints::routes().with_state(self.clone())
        };
        let (router, _) = routes().split_for_parts();
        router
            .route("/api", any(problem::no_such_path))
            .route("/api/{*path}", any(problem::no_such_path))
            .method_not_allowed_fallback(problem::no_such_method)
            .route_layer(middleware::from_fn_with_state(self.clone(), access::guard))
            .layer(middleware::from_fn(problem::render))
            .with_state(self)
            .merge(for_apps)
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("editor", &self.0.editor).finish_non_exhaustive()
    }
}

/// The documented routes.
fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(document::get_openapi))
        .routes(routes!(setup::create_root))
        .routes(routes!(bootstrap::get_bootstrap))
        .routes(routes!(session::log_in, session::log_out))
        .routes(routes!(session::show_second_factor))
        .routes(routes!(passkeys::begin_passkey_log_in))
        .routes(routes!(passkeys::log_in_by_passkey))
        .routes(routes!(oauth_login::begin_oauth))
        .routes(routes!(oauth_login::finish_oauth))
        .routes(routes!(registration::register))
        .routes(routes!(registration::send_register_code))
        .routes(routes!(password::forgot_password))
        .routes(routes!(password::reset_password))
        .routes(routes!(me::get_me))
        .routes(routes!(me::put_preferences))
        .routes(routes!(me::reauthenticate))
        .routes(routes!(sessions::list_sessions, sessions::end_other_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(password::change_password))
        .routes(routes!(email::send_email_code))
        .routes(routes!(email::change_email))
        .routes(routes!(totp::begin_totp))
        .routes(routes!(totp::confirm_totp, totp::delete_totp))
        .routes(routes!(totp::renew_recovery_codes))
        .routes(routes!(passkeys::list_passkeys, passkeys::add_passkey))
        .routes(routes!(passkeys::begin_passkey))
        .routes(routes!(passkeys::delete_passkey))
        .routes(routes!(oauth_login::list_identities))
        .routes(routes!(oauth_login::delete_identity))
        .routes(routes!(mail::send_test_mail))
        .merge(objects::routes())
        .routes(routes!(model_rows::list_models))
        .routes(routes!(api_keys::list_api_keys, api_keys::put_api_key))
        .routes(routes!(api_keys::get_api_key, api_keys::delete_api_key))
        .routes(routes!(api_keys::revoke_api_key))
        .routes(routes!(api_keys::reveal_api_key))
        .routes(routes!(settings::list_settings, settings::patch_settings))
        .routes(routes!(settings::get_setting, settings::put_setting, settings::reset_setting))
        .routes(routes!(manifest::apply_manifest))
        .routes(routes!(manifest::export_manifest))
        .routes(routes!(trace::get_call))
        .routes(routes!(trace::get_own_call))
        .routes(routes!(routing::simulate_routing))
        .routes(routes!(stream::stream_events))
        .merge(usage::routes())
        .routes(routes!(dashboard::get_dashboard))
        .routes(routes!(search::search))
        .routes(routes!(overview::get_overview))
        .routes(routes!(catalog::get_catalog))
        .merge(tokens::routes())
        .merge(batch::routes())
        .routes(routes!(people::list_people))
        .routes(routes!(user_acts::log_user_out))
        .routes(routes!(people::get_person))
        .routes(routes!(user_acts::set_user_password))
        .routes(routes!(user_acts::reset_user_totp))
        .routes(routes!(user_sessions::list_user_sessions))
        .routes(routes!(user_sessions::end_user_session))
        .routes(routes!(user_groups::merge_user_group))
        .routes(routes!(audit::list_audit))
        .routes(routes!(audit::get_audit))
        .routes(routes!(admin_keys::list_admin_keys, admin_keys::create_admin_key))
        .routes(routes!(admin_keys::delete_admin_key))
        .merge(channel_routes())
        .merge(accounts::routes())
        .routes(routes!(price_import::import_prices))
        .routes(routes!(price_versions::list_price_versions))
        .merge(price_sync::routes())
        .merge(business_routes())
        .merge(notices::routes())
        .merge(budgets::routes())
        .routes(routes!(readiness::get_setup, readiness::put_setup))
        .routes(routes!(user_models::list_my_models))
        .routes(routes!(playground::play))
}

/// What a site that is paid for has besides.
fn business_routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .merge(balance::routes())
        .merge(codes::routes())
        .merge(invitations::routes())
        .merge(orders::routes())
        .merge(order_office::routes())
        .merge(quarantine::routes())
        .merge(payment_channels::routes())
        .merge(plans::routes())
        .merge(subscriptions::routes())
        .merge(tickets::routes())
        .merge(ticket_office::routes())
        .merge(announcements::routes())
        .merge(announcement_office::routes())
        .merge(notifications::routes())
        .merge(notification_office::routes())
        .merge(oauth_apps::routes())
        .merge(oauth_consent::routes())
        .merge(ranking::routes())
        .routes(routes!(public_models::list_public_prices))
        .routes(routes!(public_models::list_public_status))
        .routes(routes!(public_key::show_public_key))
}

/// What is done with channels beside keeping them: tests, trials, tools and their state.
fn channel_routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(channel_tests::probe_channel))
        .routes(routes!(channel_tests::test_channel))
        .routes(routes!(channel_tests::kept::list_channel_tests))
        .routes(routes!(error_trials::try_error))
        .routes(routes!(shapes::shape_unsaved))
        .routes(routes!(shapes::shape_channel))
        .routes(routes!(channel_tools::detect_channel))
        .routes(routes!(channel_tools::resolve_channel))
        .routes(routes!(channel_tools::list_unsaved_upstream_models))
        .routes(routes!(channel_tools::list_upstream_models))
        .routes(routes!(channel_status::list_channel_status))
        .routes(routes!(channel_status::wake_channel))
}
