//! The fields of each object as texts that can be compared and shown.

use realms_catalog::SettingInfo;
use realms_types::{ChannelOptions, Limits, Secret};

use super::{FieldChange, Kind, Object, Planned, Setting};
use crate::manifest::{
    ApiKey, Binding, Channel, ChannelGroup, Cost, Credential, Endpoint, ErrorRule, Model,
    ProxyText, SecretText, Slot, User, UserGroup,
    limits::{limit_fields, rule_fields},
    may_be_secret,
};

/// One field of an object.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    path: String,
    value: Shown,
}

/// A value to compare; a secret is compared and not shown.
#[derive(Debug, Clone)]
pub(crate) enum Shown {
    Text(String),
    Secret(Secret<String>),
    /// What is shown of it, and all of it.
    Masked(String, Secret<String>),
}

const SET: &str = "(set)";
const CHANGED: &str = "(changed)";
const GENERATED: &str = "(generated)";
const LOGIN_CHANGED: &str = "(login changed)";

/// What must change to make `before` into `after`, in the order of the fields.
pub(crate) fn difference(before: &[Field], after: &[Field]) -> Vec<FieldChange> {
    let find = |fields: &[Field], path: &str| {
        fields.iter().find(|field| field.path == path).map(|field| field.value.clone())
    };
    let changed = after.iter().filter_map(|field| {
        FieldChange::between(&field.path, find(before, &field.path), Some(field.value.clone()))
    });
    let gone = before.iter().filter(|field| find(after, &field.path).is_none());
    let gone =
        gone.filter_map(|field| FieldChange::between(&field.path, Some(field.value.clone()), None));
    changed.chain(gone).collect()
}

// === impl FieldChange ===

impl FieldChange {
    /// A secret that will be made when the change is applied.
    pub(super) fn generated(path: &str) -> Self {
        Self { path: path.to_owned(), before: None, after: Some(GENERATED.to_owned()) }
    }

    /// Of a password and of an API key only a new one is ever known, so it looks as if there had
    /// been none.
    pub(super) fn tell_change(&mut self) {
        if matches!(self.path.as_str(), "password" | "key") {
            self.after = Some(CHANGED.to_owned());
        }
    }

    fn between(path: &str, before: Option<Shown>, after: Option<Shown>) -> Option<Self> {
        let (before, after) = match (before, after) {
            (Some(Shown::Secret(old)), Some(Shown::Secret(new))) => {
                if old.reveal() == new.reveal() {
                    return None;
                }
                (Some(SET.to_owned()), Some(CHANGED.to_owned()))
            }
            (Some(Shown::Masked(before, old)), Some(Shown::Masked(after, new))) => {
                if old.reveal() == new.reveal() {
                    return None;
                }
                let after =
                    if before == after { format!("{after} {LOGIN_CHANGED}") } else { after };
                (Some(before), Some(after))
            }
            (before, after) => (before.and_then(Shown::text), after.and_then(Shown::text)),
        };
        (before != after).then(|| Self { path: path.to_owned(), before, after })
    }
}

// === impl Shown ===

impl Shown {
    /// As people see it; nothing for an empty text.
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text).filter(|text| !text.is_empty()),
            Self::Secret(_) => Some(SET.to_owned()),
            Self::Masked(shown, _) => Some(shown),
        }
    }
}

// === impl Field ===

impl Field {
    /// The field as one line; a secret is not in it.
    pub(crate) fn line(&self) -> String {
        let value = self.value.clone().text().unwrap_or_default();
        format!("{}={value:?}", self.path)
    }

    fn text(path: impl Into<String>, value: Option<impl ToString>) -> Self {
        let value = Shown::Text(value.map(|value| value.to_string()).unwrap_or_default());
        Self { path: path.into(), value }
    }

    fn list<T: ToString>(path: impl Into<String>, items: Option<&Vec<T>>) -> Self {
        let items =
            items.map(|items| items.iter().map(T::to_string).collect::<Vec<_>>().join(", "));
        Self::text(path, items)
    }

    fn secret(path: impl Into<String>, secret: Option<&SecretText>) -> Option<Self> {
        let value = Shown::Secret(secret?.literal()?.clone());
        Some(Self { path: path.into(), value })
    }
}

fn proxy_field(path: impl Into<String>, proxy: Option<&Slot<ProxyText>>) -> Option<Field> {
    let text = proxy?.as_ref()?;
    let whole = text.literal().map(|proxy| proxy.to_secret());
    let whole = whole.unwrap_or_else(|| Secret::new(text.to_string()));
    Some(Field { path: path.into(), value: Shown::Masked(text.to_string(), whole) })
}

// === impl Planned ===

impl Planned for ChannelGroup {
    const KIND: Kind = Kind::ChannelGroup;

    fn name(&self) -> String {
        self.name.to_string()
    }

    fn fill(self, present: Option<&Self>) -> Self {
        self.filled(present)
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::text("parent", self.parent.as_ref().and_then(|parent| parent.as_ref())),
            Field::text("multiplier", self.multiplier),
            Field::text("priority", self.priority),
            Field::text("enabled", self.enabled),
            Field::text("pinned", self.pinned.as_ref().and_then(|pinned| pinned.as_ref())),
        ]
    }
}

impl Planned for Model {
    const KIND: Kind = Kind::Model;

    fn name(&self) -> String {
        self.name.clone()
    }

    fn fill(self, present: Option<&Self>) -> Self {
        self.filled(present)
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields =
            vec![Field::text("owner", self.owner.as_ref()), Field::text("enabled", self.enabled)];
        let prices = self
            .prices()
            .map(|(path, price)| Field::text(path, price.and_then(crate::manifest::Slot::value)));
        fields.extend(prices);
        fields.push(Field::text("price_pinned", self.price_pinned));
        let terms = self.price_terms.as_ref().filter(|terms| !terms.is_empty());
        fields.push(Field::text(
            "price_terms",
            terms.and_then(|terms| serde_json::to_string(terms).ok()),
        ));
        fields
    }
}

impl Planned for Channel {
    const KIND: Kind = Kind::Channel;

    fn name(&self) -> String {
        self.name.clone()
    }

    fn fill(self, present: Option<&Self>) -> Self {
        self.filled(present)
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::text("kind", self.kind),
            Field::text("base_url", self.base_url.as_ref()),
            Field::list("dialects", self.dialects.as_ref()),
            Field::text("priority", self.priority),
            Field::text("weight", self.weight),
            Field::text("enabled", self.enabled),
            Field::text("promoted", self.promoted),
            Field::text("api_version", self.api_version.as_ref().and_then(Slot::as_ref)),
            Field::text("cost_multiplier", self.cost_multiplier.and_then(Slot::value)),
            Field::list("groups", self.groups.as_ref()),
        ];
        fields.extend(self.endpoints.iter().flatten().map(endpoint_field));
        fields.extend(limits("", self.limits));
        fields.extend(proxy_field("proxy", self.proxy.as_ref()));
        fields.extend(self.credentials.iter().flatten().flat_map(credential_fields));
        fields.extend(self.models.iter().flatten().map(binding_field));
        fields.extend(self.models.iter().flatten().filter_map(cost_field));
        fields.extend(self.options.iter().flat_map(option_fields));
        fields
    }
}

fn endpoint_field(endpoint: &Endpoint) -> Field {
    let disabled = if endpoint.enabled == Some(false) { " (disabled)" } else { "" };
    let value = format!("priority {}{disabled}", endpoint.place());
    Field::text(format!("endpoints.{}", endpoint.base_url), Some(value))
}

fn credential_fields(credential: &Credential) -> Vec<Field> {
    let name = &credential.name;
    let mut fields = vec![Field::text(format!("credentials.{name}.enabled"), credential.enabled)];
    fields.extend(limits(&format!("credentials.{name}."), credential.limits));
    fields.extend(Field::secret(format!("credentials.{name}.key"), credential.key.as_ref()));
    fields.extend(proxy_field(format!("credentials.{name}.proxy"), credential.proxy.as_ref()));
    fields
}

/// One field for each option; the value of a header that may be a secret is not told.
fn option_fields(options: &ChannelOptions) -> Vec<Field> {
    let parts = options.parts().into_iter();
    let parts = parts.map(|(path, value)| Field::text(format!("options.{path}"), Some(value)));
    let headers = options.headers.set.iter().map(|(name, value)| {
        let path = format!("options.headers.set.{name}");
        if may_be_secret(name, value) {
            Field { path, value: Shown::Secret(Secret::from(value.as_str())) }
        } else {
            Field::text(path, Some(value))
        }
    });
    parts.chain(headers).collect()
}

/// The limits of an object, or of a part of it.
fn limits(of: &str, limits: Option<Limits>) -> impl Iterator<Item = Field> {
    let fields = limit_fields(limits.unwrap_or_default());
    fields.map(|(name, value)| Field::text(format!("{of}limits.{name}"), value)).into_iter()
}

fn binding_field(binding: &Binding) -> Field {
    let disabled = if binding.enabled == Some(false) { " (disabled)" } else { "" };
    let value = format!("{}{disabled}", binding.upstream());
    Field::text(format!("models.{}", binding.name), Some(value))
}

/// What the vendor is paid for a model. Not below `models.`: a name of a model may end in anything.
fn cost_field(binding: &Binding) -> Option<Field> {
    let line = binding.cost.as_ref().and_then(Cost::to_line)?;
    Some(Field::text(format!("costs.{}", binding.name), Some(line)))
}

impl Planned for UserGroup {
    const KIND: Kind = Kind::UserGroup;

    fn name(&self) -> String {
        self.name.to_string()
    }

    fn fill(self, present: Option<&Self>) -> Self {
        self.filled(present)
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::list("channel_groups", self.channel_groups.as_ref()),
            Field::text("multiplier", self.multiplier),
        ]
    }
}

impl Planned for User {
    const KIND: Kind = Kind::User;

    fn name(&self) -> String {
        self.username.to_string()
    }

    fn fill(self, present: Option<&Self>) -> Self {
        self.filled(present)
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::text("email", self.email.as_ref().and_then(|email| email.as_ref())),
            Field::text("role", self.role.map(realms_store::Role::as_str)),
            Field::text("group", self.group.as_ref()),
            Field::text("enabled", self.enabled),
        ];
        fields.extend(limits("", self.limits));
        fields.push(Field::list("budgets", self.budgets.as_ref()));
        fields.extend(Field::secret("password", self.password.as_ref()));
        fields
    }
}

impl Planned for ApiKey {
    const KIND: Kind = Kind::ApiKey;

    fn name(&self) -> String {
        format!("{}/{}", self.user, self.name)
    }

    fn fill(self, present: Option<&Self>) -> Self {
        self.filled(present)
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::list("channel_groups", self.channel_groups.as_ref()),
            Field::text("enabled", self.enabled),
            Field::text("multiplier", self.multiplier),
        ];
        fields.extend(limits("", self.limits));
        let rules = self.rules.iter().flat_map(rule_fields);
        fields.extend(rules.map(|(name, value)| Field::text(format!("rules.{name}"), Some(value))));
        fields.extend(Field::secret("key", self.key.as_ref()));
        fields
    }
}

impl Planned for ErrorRule {
    const KIND: Kind = Kind::ErrorRule;

    fn name(&self) -> String {
        self.name.clone()
    }

    fn fill(self, present: Option<&Self>) -> Self {
        self.filled(present)
    }

    fn fields(&self) -> Vec<Field> {
        let json = |part: Option<String>| part.filter(|text| text != "{}");
        let when = self.when.as_ref().and_then(|when| serde_json::to_string(when).ok());
        let act = self.act.as_ref().and_then(|act| serde_json::to_string(act).ok());
        vec![
            Field::text("priority", self.priority),
            Field::text("enabled", self.enabled),
            Field::text("match", json(when)),
            Field::text("then", json(act)),
        ]
    }
}

impl Planned for Setting {
    const KIND: Kind = Kind::Setting;

    fn name(&self) -> String {
        self.key.clone()
    }

    fn fill(self, _present: Option<&Self>) -> Self {
        self
    }

    fn fields(&self) -> Vec<Field> {
        let path = "value".to_owned();
        if realms_catalog::Settings::find(&self.key).is_some_and(SettingInfo::is_secret) {
            let secret = Secret::from(self.value.0.as_str());
            return vec![Field { path, value: Shown::Secret(secret) }];
        }
        vec![Field::text(path, Some(&self.value.0))]
    }
}

macro_rules! objects {
    ($($type:ident),+) => {$(
        impl From<$type> for Object {
            fn from(object: $type) -> Self {
                Self::$type(object)
            }
        }
    )+};
}

impl From<Channel> for Object {
    fn from(channel: Channel) -> Self {
        Self::Channel(Box::new(channel))
    }
}

objects!(ChannelGroup, Model, UserGroup, User, ApiKey, ErrorRule, Setting);

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, value: &str) -> Field {
        Field::text(path, Some(value))
    }

    fn secret(path: &str, value: &str) -> Field {
        Field { path: path.to_owned(), value: Shown::Secret(Secret::from(value)) }
    }

    fn lines(before: &[Field], after: &[Field]) -> Vec<(String, Option<String>, Option<String>)> {
        difference(before, after).into_iter().map(|c| (c.path, c.before, c.after)).collect()
    }

    #[test]
    fn only_differences_are_told() {
        let before = [text("a", "1"), text("b", "2"), text("c", "")];
        let after = [text("a", "1"), text("b", "3"), text("d", "")];
        let expected = ("b".to_owned(), Some("2".to_owned()), Some("3".to_owned()));
        assert_eq!(lines(&before, &after), [expected]);
    }

    #[test]
    fn a_proxy_is_told_without_its_login_and_a_change_of_that_alone_is_seen() {
        let field =
            |text: &str| proxy_field("proxy", Some(&Slot::Full(text.parse().unwrap()))).unwrap();
        let (one, two) = ("http://canary:1@p.example:1", "http://canary:2@p.example:1");
        let shown = "http://***@p.example:1";
        let told = |before: Option<&str>, after: Option<&str>| {
            let fields = |text: Option<&str>| text.map(field).into_iter().collect::<Vec<_>>();
            let mut lines = lines(&fields(before), &fields(after));
            assert!(lines.len() < 2 && !format!("{lines:?}").contains("canary"));
            lines.pop().map(|(_, before, after)| (before, after))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(told(Some(one), Some(one)), None);
        assert_eq!(told(None, Some(one)), Some((None, some(shown))));
        assert_eq!(told(Some(one), None), Some((some(shown), None)));
        let changed = format!("{shown} (login changed)");
        assert_eq!(told(Some(one), Some(two)), Some((some(shown), Some(changed))));
        let other = "socks5://q.example:1080";
        assert_eq!(told(Some(one), Some(other)), Some((some(shown), some(other))));
    }

    #[test]
    fn secrets_are_compared_and_never_told() {
        let [old, new] = [secret("key", "old"), secret("key", "new")];
        assert!(lines(&[secret("key", "old")], &[secret("key", "old")]).is_empty());
        for (before, after) in
            [(vec![old.clone()], vec![new.clone()]), (vec![], vec![new]), (vec![old], vec![])]
        {
            let told = format!("{:?}", difference(&before, &after));
            assert!(!told.contains("old") && !told.contains("new"), "{told}");
            assert_eq!(difference(&before, &after).len(), 1);
        }
    }
}
