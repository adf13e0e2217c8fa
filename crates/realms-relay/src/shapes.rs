//! The options of channels and the rules about errors, compiled once for a snapshot and shared.

use std::{collections::HashMap, sync::Arc};

use parking_lot::RwLock;
use realms_catalog::{Catalog, Channel};
use realms_dialect::{ErrorRules, Shape};
use realms_types::{ChannelId, ChannelOptions, ErrorRule};

/// What was compiled, with what it was compiled from: another snapshot brings other options, and an
/// address that is held is given to nobody else.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    channels: RwLock<HashMap<ChannelId, Compiled>>,
    rules: RwLock<Option<Ruled>>,
}

/// Options, and what was made of them; `None` when they do not compile.
type Compiled = (Arc<ChannelOptions>, Option<Arc<Shape>>);
/// Rules, and what was made of them.
type Ruled = (Arc<[ErrorRule]>, Arc<ErrorRules>);

// === impl Shapes ===

impl Shapes {
    /// What the options of a channel make of a call; `None` where nothing is said, which costs nothing.
    pub(crate) fn of(&self, channel: &Channel) -> Option<Arc<Shape>> {
        let options = channel.options.as_ref()?;
        if let Some((from, shape)) = self.channels.read().get(&channel.id)
            && Arc::ptr_eq(from, options)
        {
            return shape.clone();
        }
        let shape = match Shape::compile(options) {
            Ok(shape) => Some(Arc::new(shape)),
            // A snapshot with such options is not built.
            Err(mistakes) => {
                tracing::error!(channel.name = channel.name, ?mistakes, "options do not compile");
                None
            }
        };
        self.channels.write().insert(channel.id, (Arc::clone(options), shape.clone()));
        shape
    }

    /// The rules about errors of a snapshot.
    pub(crate) fn rules(&self, catalog: &Catalog) -> Arc<ErrorRules> {
        let from = catalog.error_rules();
        if let Some((known, rules)) = &*self.rules.read()
            && Arc::ptr_eq(known, from)
        {
            return Arc::clone(rules);
        }
        let rules = ErrorRules::compile(from.iter()).unwrap_or_else(|mistake| {
            tracing::error!(%mistake, "rules about errors do not compile");
            ErrorRules::default()
        });
        let rules = Arc::new(rules);
        *self.rules.write() = Some((Arc::clone(from), Arc::clone(&rules)));
        rules
    }

    /// Forgets channels that are gone.
    pub(crate) fn retain(&self, stays: impl Fn(ChannelId) -> bool) {
        self.channels.write().retain(|id, _| stays(*id));
    }
}

#[cfg(test)]
mod tests {
    use realms_types::{ChannelKind, DialectId};

    use super::*;

    fn channel(options: Option<&str>) -> Channel {
        Channel {
            proxy: None,
            id: ChannelId::new(1),
            name: "a".into(),
            kind: ChannelKind::Openai,
            dialects: vec![DialectId::Chat],
            priority: 0,
            weight: 1,
            enabled: true,
            endpoints: Vec::new(),
            credentials: Vec::new(),
            options: options.map(|text| Arc::new(ChannelOptions::parse(text).unwrap())),
            hours: None,
            promoted: false,
            limits: realms_types::Limits::NONE,
            cost_multiplier: None,
        }
    }

    #[test]
    fn options_are_compiled_once_until_they_change() {
        let shapes = Shapes::default();
        let first = channel(Some(r#"{"store":"drop"}"#));
        let shape = shapes.of(&first).unwrap();
        assert!(Arc::ptr_eq(&shape, &shapes.of(&first).unwrap()));
        let other = shapes.of(&channel(Some(r#"{"store":"force_false"}"#))).unwrap();
        assert!(!Arc::ptr_eq(&shape, &other));
    }

    #[test]
    fn a_channel_that_says_nothing_leaves_nothing_behind() {
        let shapes = Shapes::default();
        assert!(shapes.of(&channel(None)).is_none());
        assert_eq!(shapes.channels.read().capacity(), 0, "nothing was allocated");
        shapes.of(&channel(Some("{}")));
        shapes.retain(|_| false);
        assert!(shapes.channels.read().is_empty());
    }
}
