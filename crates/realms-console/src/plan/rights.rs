//! What of a plan its author may not do: decided field by field, before anything is written.
//!
//! Admins operate the service. They never touch money (prices and multipliers), secrets (credentials,
//! passwords and API keys of others), roles, or who has more rights than they.

use realms_catalog::{SettingInfo, Settings};
use realms_store::Role;

use super::{Change, FieldChange, Object, Plan, State, Verb};
use crate::{Author, Code, FieldMistake, Permission, Refusal};

/// One thing that is not allowed.
struct Denied {
    /// The field; `None`: the object as a whole.
    path: Option<String>,
    needs: Permission,
}

// === impl Plan ===

impl Plan {
    /// Refuses a plan that goes beyond what its author may do, naming each field.
    pub(crate) fn check_rights(&self, state: &State, author: &Author) -> Result<(), Refusal> {
        let mut fields = Vec::new();
        for change in &self.changes {
            fields.extend(change.beyond_rights(state, author));
        }
        if fields.is_empty() {
            return Ok(());
        }
        fields.truncate(MOST_TOLD);
        let told: Vec<&str> = fields.iter().map(|field| field.detail.as_str()).collect();
        Err(Refusal { fields: fields.clone(), ..Refusal::new(Code::Forbidden, told.join("; ")) })
    }
}

// === impl Change ===

impl Change {
    /// Each field of this change that is not its author's to change.
    pub(crate) fn beyond_rights(&self, state: &State, author: &Author) -> Vec<FieldMistake> {
        let denied = needs(self, state, author);
        let denied = denied.into_iter().filter(|one| !author.permissions.allow(one.needs));
        denied.map(|one| one.told(self)).collect()
    }
}

/// Refusals told at once.
const MOST_TOLD: usize = 20;

/// Everything that a change needs, by field.
fn needs(change: &Change, state: &State, author: &Author) -> Vec<Denied> {
    let whole = |needs| Denied { path: None, needs };
    let field = |field: &FieldChange, needs| Denied { path: Some(field.path.clone()), needs };
    let fields = |needs: Permission, fits: fn(&FieldChange) -> bool| {
        change.fields.iter().filter(move |one| fits(one)).map(move |one| field(one, needs))
    };
    let mut needed = Vec::new();
    match &change.object {
        Object::Setting(setting) => {
            needed.push(whole(Permission::SettingsWrite));
            let is_secret = Settings::find(&setting.key).is_some_and(SettingInfo::is_secret);
            if is_secret || sends_elsewhere(&setting.key, state) {
                needed.push(whole(Permission::SecretsWrite));
            }
        }
        Object::Model(model) => {
            needed.push(whole(Permission::ChannelsWrite));
            needed.extend(fields(Permission::PricesWrite, is_price));
            // The pin of a price that is given comes with it.
            if !change.fields.iter().any(is_price) {
                needed.extend(fields(Permission::PricesWrite, |one| one.path == "price_pinned"));
            }
            // What is deleted loses its price.
            let priced = model.input_usd_per_1m.is_some_and(|price| price.value().is_some());
            if change.verb == Verb::Delete && priced {
                needed.push(whole(Permission::PricesWrite));
            }
        }
        Object::ChannelGroup(_) => {
            needed.push(whole(Permission::ChannelsWrite));
            // What lies in a group is multiplied by it.
            needed.extend(fields(Permission::PricesWrite, multiplies));
            if change.verb == Verb::Update {
                needed.extend(fields(Permission::PricesWrite, |one| one.path == "parent"));
            }
        }
        Object::Channel(_) => {
            needed.push(whole(Permission::ChannelsWrite));
            needed.extend(fields(Permission::SecretsWrite, |one| {
                // Who leads calls through a proxy may see what they carry.
                let of_credential = one.path.strip_prefix("credentials.");
                let last = of_credential.and_then(|path| path.rsplit('.').next());
                one.path == "proxy" || matches!(last, Some("key" | "proxy"))
            }));
            needed.extend(fields(Permission::PricesWrite, |one| {
                one.path == "cost_multiplier" || one.path.starts_with("costs.")
            }));
        }
        Object::UserGroup(_) => {
            needed.push(whole(Permission::ChannelsWrite));
            needed.extend(fields(Permission::PricesWrite, multiplies));
        }
        Object::ErrorRule(_) => needed.push(whole(Permission::ChannelsWrite)),
        Object::User(user) => {
            needed.push(whole(Permission::UsersWrite));
            let is_privileged = |role: Option<Role>| role.is_some_and(|role| role != Role::User);
            let held = state.users.get(user.username.as_str());
            if is_privileged(user.role) || held.is_some_and(|held| is_privileged(held.object.role))
            {
                needed.push(whole(Permission::RolesWrite));
            }
            if change.verb == Verb::Update {
                // An address is a way to a new password.
                needed.extend(fields(Permission::SecretsWrite, |one| {
                    matches!(one.path.as_str(), "password" | "email")
                }));
                needed.extend(fields(Permission::RolesWrite, |one| one.path == "role"));
            }
        }
        Object::ApiKey(key) => {
            needed.push(whole(Permission::UsersWrite));
            // Of one's own key, too: nobody makes their calls cheaper.
            needed.extend(fields(Permission::PricesWrite, multiplies));
            let owner = state.users.get(key.user.as_str());
            let is_own = author.username.as_deref() == Some(key.user.as_str());
            if !is_own {
                if owner.is_some_and(|owner| owner.object.role != Some(Role::User)) {
                    needed.push(whole(Permission::RolesWrite));
                }
                needed.extend(fields(Permission::SecretsWrite, |one| one.path == "key"));
            }
        }
    }
    needed
}

/// Whether a field is a part of a model's price.
fn is_price(field: &FieldChange) -> bool {
    field.path.ends_with("_usd_per_1m") || field.path == "price_terms"
}

/// Whether a field makes prices higher or lower than they were.
fn multiplies(field: &FieldChange) -> bool {
    field.path == "multiplier" && (field.before.is_some() || field.after.as_deref() != Some("1"))
}

/// Settings that say where, and how well guarded, a secret that is kept goes.
const WAYS: [(&str, &str); 4] = [
    ("smtp_host", "smtp_password"),
    ("smtp_port", "smtp_password"),
    ("smtp_security", "smtp_password"),
    ("oidc_issuer", "oidc_client_secret"),
];

/// Whether another value would send a secret that is kept to another place: who leads it there reads
/// it there.
fn sends_elsewhere(key: &str, state: &State) -> bool {
    WAYS.iter().any(|(way, secret)| *way == key && state.settings.contains_key(*secret))
}

// === impl Denied ===

impl Denied {
    fn told(self, change: &Change) -> FieldMistake {
        let object = format!("{} `{}`", change.kind.as_str(), change.name);
        let first = self.path.as_deref().and_then(|path| path.split('.').next());
        // What is paid for a model is said where the model is.
        let first = first.map(|first| if first == "costs" { "models" } else { first });
        let pointer = first.map(|first| format!("/{first}")).unwrap_or_default();
        let what = match self.needs {
            Permission::PricesWrite => "prices and multipliers are",
            Permission::SecretsWrite => "secrets of others are",
            Permission::RolesWrite => "root users, admins and roles are",
            Permission::SettingsWrite => "settings are",
            Permission::ChannelsWrite => "channels, models and groups are",
            _ => "users and their API keys are",
        };
        let path = self.path.map(|path| format!("{path}: ")).unwrap_or_default();
        FieldMistake {
            pointer,
            code: "forbidden",
            detail: format!("{object}: {path}{what} not yours to change"),
        }
    }
}

#[cfg(test)]
mod tests {
    use realms_store::{Actor, KeyHash, Scopes};
    use realms_types::Timestamp;

    use super::*;
    use crate::{
        Permissions,
        manifest::{ApiKey, Manifest, SecretText, Slot, User},
        plan::{Held, KeyFacts, Kind, Request, UserFacts},
    };

    fn author(permissions: Permissions) -> Author {
        Author { actor: Actor::cli(), permissions, username: Some("boss".to_owned()) }
    }

    /// What is there once a manifest was applied.
    fn state(manifest: Manifest) -> State {
        fn held<I: From<i64>, T, F>(object: T, facts: F) -> Held<I, T, F> {
            let at = Timestamp::EPOCH;
            Held { id: I::from(1), object, facts, created_at: at, updated_at: at }
        }
        let mut state = State::default();
        for one in manifest.channel_groups {
            state.channel_groups.insert(one.name.to_string(), held(one.filled(None), ()));
        }
        for one in manifest.models {
            state.models.insert(one.name.clone(), held(one.filled(None), ()));
        }
        for one in manifest.channels {
            state.channels.insert(one.name.clone(), held(one.filled(None), ()));
        }
        for one in manifest.user_groups {
            state.user_groups.insert(one.name.to_string(), held(one.filled(None), ()));
        }
        state.settings.extend(manifest.settings);
        for one in manifest.users {
            let facts = UserFacts { password_hash: None };
            state.users.insert(one.username.to_string(), held(one.filled(None), facts));
        }
        for one in manifest.api_keys {
            let facts = KeyFacts {
                first_used_at: None,
                hash: KeyHash::Hmac([0; 32]),
                hint: String::new(),
                revoked_at: None,
                last_used_at: None,
            };
            let one = ApiKey { key: None, ..one };
            let name = (one.user.to_string(), one.name.clone());
            state.api_keys.insert(name, held(one.filled(None), facts));
        }
        state
    }

    /// What is refused of a manifest, over the state that another one makes.
    fn refused(before: &str, after: &str, author: &Author) -> Vec<String> {
        let state = state(Manifest::parse(&format!("version = 1\n{before}")).unwrap());
        let mut manifest = Manifest::parse(&format!("version = 1\n{after}")).unwrap();
        for user in &mut manifest.users {
            user.password = user.password.take().map(|_| SecretText::from("a password"));
        }
        let request = Request { manifest, ..Request::default() };
        let plan = Plan::build(&request, &state).unwrap();
        match plan.check_rights(&state, author) {
            Ok(()) => Vec::new(),
            Err(refusal) => refusal.fields.into_iter().map(|field| field.detail).collect(),
        }
    }

    #[test]
    fn an_admin_operates_without_money_secrets_and_roles() {
        const BEFORE: &str = "[[channel_group]]\nname = \"default\"\n[[user_group]]\nname = \"default\"\n\
            [[model]]\nname = \"m\"\ninput_usd_per_1m = \"1\"\noutput_usd_per_1m = \"2\"\n\
            [[channel]]\nname = \"c\"\nkind = \"openai\"\ncredentials = [{name = \"k\", key = \"old\"}]\n\
            [[user]]\nusername = \"ana\"\n[[user]]\nusername = \"boss\"\nrole = \"admin\"\n\
            [[user]]\nusername = \"root\"\nrole = \"root\"\n\
            [[api_key]]\nuser = \"ana\"\nname = \"k\"\nkey = \"sk_012345678\"\n";
        let admin = author(Permissions::of_role(Role::Admin));
        for (after, part) in [
            ("[[channel]]\nname = \"c\"\npriority = 7\nmodels = [\"m\"]\n", None),
            ("[[channel]]\nname = \"new\"\nkind = \"openai\"\n", None),
            ("[[model]]\nname = \"m\"\nenabled = false\n", None),
            ("[[model]]\nname = \"free\"\n", None),
            ("[[channel_group]]\nname = \"vip\"\n", None),
            ("[[user]]\nusername = \"ana\"\nenabled = false\n", None),
            ("[[user]]\nusername = \"eve\"\npassword = \"12345678\"\n", None),
            ("[[api_key]]\nuser = \"ana\"\nname = \"k\"\nenabled = false\n", None),
            (
                "[[model]]\nname = \"m\"\ninput_usd_per_1m = \"0\"\n",
                Some("model `m`: input_usd_per_1m: prices"),
            ),
            (
                "[[model]]\nname = \"n\"\ninput_usd_per_1m = \"0\"\noutput_usd_per_1m = \"0\"\n",
                Some("model `n`: input_usd_per_1m"),
            ),
            (
                "[[channel_group]]\nname = \"vip\"\nmultiplier = \"0.1\"\n",
                Some("channel_group `vip`: multiplier"),
            ),
            (
                "[[channel_group]]\nname = \"default\"\nmultiplier = \"0\"\n",
                Some("channel_group `default`: multiplier"),
            ),
            (
                "[[channel]]\nname = \"c\"\ncredentials = [{name = \"k\", key = \"new\"}]\n",
                Some("channel `c`: credentials.k.key: secrets"),
            ),
            (
                "[[channel]]\nname = \"d\"\nkind = \"openai\"\ncredentials = [{name = \"k\", key = \"x\"}]\n",
                Some("credentials.k.key"),
            ),
            (
                "[[user]]\nusername = \"ana\"\npassword = \"12345678\"\n",
                Some("user `ana`: password"),
            ),
            (
                "[[user]]\nusername = \"ana\"\nemail = \"a@example.org\"\n",
                Some("user `ana`: email"),
            ),
            ("[[user]]\nusername = \"ana\"\nrole = \"admin\"\n", Some("user `ana`: root users")),
            ("[[user]]\nusername = \"eve\"\nrole = \"root\"\n", Some("user `eve`: root users")),
            (
                "[[user]]\nusername = \"root\"\ngroup = \"x\"\n[[user_group]]\nname = \"x\"\n",
                Some("`root`"),
            ),
            ("[[user]]\nusername = \"boss\"\nrole = \"root\"\n", Some("user `boss`: role")),
            ("[[api_key]]\nuser = \"ana\"\nname = \"mine\"\n", Some("api_key `ana/mine`: key")),
            ("[[api_key]]\nuser = \"root\"\nname = \"mine\"\n", Some("api_key `root/mine`")),
            ("[[api_key]]\nuser = \"boss\"\nname = \"mine\"\n", None),
            (
                "[settings]\nretry_max_attempts = 3\n",
                Some("setting `retry_max_attempts`: settings"),
            ),
        ] {
            let refused = refused(BEFORE, after, &admin);
            match part {
                None => assert!(refused.is_empty(), "{after}: {refused:?}"),
                Some(part) => {
                    let told = refused.iter().any(|one| one.contains(part));
                    assert!(told, "{after}: {refused:?}");
                }
            }
            let root = author(Permissions::of_role(Role::Root));
            assert!(super::tests::refused(BEFORE, after, &root).is_empty(), "root may: {after}");
        }
    }

    #[test]
    fn whatever_moves_a_price_is_a_price() {
        const BEFORE: &str = "[[channel_group]]\nname = \"default\"\n[[user_group]]\nname = \"default\"\n\
            [[model]]\nname = \"m\"\ninput_usd_per_1m = \"1\"\noutput_usd_per_1m = \"2\"\n";
        let admin = author(Permissions::of_role(Role::Admin));
        for (after, part) in [
            (
                "[[model]]\nname = \"m\"\n[model.price_terms]\nlanes = { flex = \"0\" }\n",
                "model `m`: price_terms: prices",
            ),
            (
                "[[model]]\nname = \"m\"\n[model.price_terms]\nrequest = \"0\"\n",
                "model `m`: price_terms: prices",
            ),
            ("[[model]]\nname = \"m\"\nprice_pinned = false\n", "model `m`: price_pinned: prices"),
            (
                "[[user_group]]\nname = \"default\"\nmultiplier = \"0\"\n",
                "user_group `default`: multiplier: prices",
            ),
            (
                "[[user_group]]\nname = \"vip\"\nmultiplier = \"0.5\"\n",
                "user_group `vip`: multiplier: prices",
            ),
        ] {
            let refused = refused(BEFORE, after, &admin);
            assert!(refused.iter().any(|one| one.contains(part)), "{after}: {refused:?}");
        }
        assert!(refused(BEFORE, "[[user_group]]\nname = \"new\"\n", &admin).is_empty());
    }

    #[test]
    fn what_a_channel_pays_is_a_price() {
        const BEFORE: &str = "[[channel_group]]\nname = \"default\"\n[[model]]\nname = \"m\"\n[[model]]\nname = \"n\"\n\
            [[channel]]\nname = \"c\"\nkind = \"openai\"\ncost_multiplier = \"0.6\"\nmodels = [\"n\", \
            { name = \"m\", cost = { input_usd_per_1m = \"1\", output_usd_per_1m = \"2\" } }]\n";
        let admin = author(Permissions::of_role(Role::Admin));
        for (after, part) in [
            ("priority = 7", None),
            ("cost_multiplier = \"0.60\"", None),
            ("models = [\"m\", \"n\"]", None),
            ("cost_multiplier = \"0.5\"", Some("channel `c`: cost_multiplier: prices")),
            ("cost_multiplier = \"\"", Some("channel `c`: cost_multiplier: prices")),
            ("models = [\"n\", { name = \"m\", cost = {} }]", Some("channel `c`: costs.m: prices")),
            (
                "models = [\"m\", { name = \"n\", cost = { input_usd_per_1m = \"1\", output_usd_per_1m = \"2\" } }]",
                Some("channel `c`: costs.n: prices"),
            ),
        ] {
            let after = format!("[[channel]]\nname = \"c\"\n{after}\n");
            let refused = refused(BEFORE, &after, &admin);
            match part {
                None => assert!(refused.is_empty(), "{after}: {refused:?}"),
                Some(part) => {
                    assert!(refused.iter().any(|one| one.contains(part)), "{after}: {refused:?}");
                }
            }
            let root = author(Permissions::of_role(Role::Root));
            assert!(super::tests::refused(BEFORE, &after, &root).is_empty(), "{after}");
        }
    }

    #[test]
    fn what_a_key_multiplies_prices_with_is_a_price() {
        const BEFORE: &str = "[[channel_group]]\nname = \"default\"\n[[user_group]]\nname = \"default\"\n\
            [[user]]\nusername = \"ana\"\n[[user]]\nusername = \"boss\"\nrole = \"admin\"\n\
            [[api_key]]\nuser = \"ana\"\nname = \"k\"\nkey = \"sk_012345678\"\n\
            [[api_key]]\nuser = \"boss\"\nname = \"half\"\nkey = \"sk_123456789\"\nmultiplier = \"0.5\"\n";
        let admin = author(Permissions::of_role(Role::Admin));
        let key = |scopes: &str| author(Permissions::of_scopes(&scopes.parse::<Scopes>().unwrap()));
        for (after, is_price) in [
            ("user = \"ana\"\nname = \"k\"\nmultiplier = \"0.5\"", true),
            ("user = \"boss\"\nname = \"half\"\nmultiplier = \"0\"", true),
            ("user = \"boss\"\nname = \"new\"\nmultiplier = \"0.5\"", true),
            ("user = \"boss\"\nname = \"new\"\nmultiplier = \"1\"", false),
            ("user = \"boss\"\nname = \"half\"\nenabled = false", false),
            ("user = \"boss\"\nname = \"half\"\nmultiplier = \"0.50\"", false),
        ] {
            let after = format!("[[api_key]]\n{after}\n");
            let told = refused(BEFORE, &after, &admin);
            let is_told = told.iter().any(|one| one.contains("multiplier: prices"));
            assert_eq!((is_told, told.is_empty()), (is_price, !is_price), "{after}: {told:?}");
            let told = refused(BEFORE, &after, &key("users:write,config:write"));
            assert!(told.is_empty(), "{after}: {told:?}");
        }
    }

    #[test]
    fn where_calls_go_through_is_a_secret() {
        const BEFORE: &str = "[[channel_group]]\nname = \"default\"\n[[channel]]\nname = \"c\"\nkind = \"openai\"\ncredentials = [{name = \"k\", key = \"old\"}]\n";
        let admin = author(Permissions::of_role(Role::Admin));
        for (after, part) in [
            ("proxy = \"http://p.example\"", "channel `c`: proxy: secrets"),
            (
                "credentials = [{name = \"k\", proxy = \"http://p.example\"}]",
                "channel `c`: credentials.k.proxy: secrets",
            ),
        ] {
            let after = format!("[[channel]]\nname = \"c\"\n{after}\n");
            let refused = refused(BEFORE, &after, &admin);
            assert!(refused.iter().any(|one| one.contains(part)), "{after}: {refused:?}");
        }
    }

    #[test]
    fn a_scope_is_no_more_than_its_word() {
        let key = |scopes: &str| author(Permissions::of_scopes(&scopes.parse::<Scopes>().unwrap()));
        let group = "[[channel_group]]\nname = \"default\"\nmultiplier = \"2\"\n";
        let user = "[[user_group]]\nname = \"default\"\n[[channel_group]]\nname = \"default\"\n\
                    [[user]]\nusername = \"eve\"\n";
        let root = format!("{user}role = \"root\"\n");
        assert!(refused("", group, &key("config:write")).is_empty());
        assert!(!refused("", group, &key("users:write,secrets:write")).is_empty());
        assert!(refused("", user, &key("users:write,config:write")).is_empty());
        assert!(!refused("", &root, &key("users:write,config:write,secrets:write")).is_empty());
        assert!(refused("", &root, &key("everything")).is_empty());
        assert!(!refused("", user, &key("config:write")).is_empty());
        let secret = "[settings]\nsmtp_password = \"hunter2\"\n";
        assert!(!refused("", secret, &key("config:write")).is_empty());
        assert!(refused("", secret, &key("config:write,secrets:write")).is_empty());
    }

    #[test]
    fn a_secret_is_led_elsewhere_by_whoever_may_know_it() {
        let key = |scopes: &str| author(Permissions::of_scopes(&scopes.parse::<Scopes>().unwrap()));
        let kept = "[settings]\nsmtp_password = \"hunter2\"\noidc_client_secret = \"hunter3\"\n";
        for way in [
            "smtp_host = \"evil.example\"",
            "smtp_port = 25",
            "smtp_security = \"plain\"",
            "oidc_issuer = \"https://evil.example\"",
        ] {
            let after = format!("[settings]\n{way}\n");
            assert!(refused("", &after, &key("config:write")).is_empty(), "{way}: nothing is kept");
            assert!(!refused(kept, &after, &key("config:write")).is_empty(), "{way}");
            assert!(refused(kept, &after, &key("config:write,secrets:write")).is_empty(), "{way}");
        }
    }

    #[test]
    fn an_empty_address_is_no_change() {
        let state = State::default();
        let user = User { email: Some(Slot::Empty), ..User::named("ana".parse().unwrap()) };
        let manifest = Manifest { users: vec![user], ..Manifest::empty() };
        let plan = Plan::build(&Request { manifest, ..Request::default() }, &state).unwrap();
        let admin = author(Permissions::of_role(Role::Admin));
        assert!(plan.check_rights(&state, &admin).is_ok());
        assert!(plan.changes.iter().any(|change| change.kind == Kind::User));
    }
}
