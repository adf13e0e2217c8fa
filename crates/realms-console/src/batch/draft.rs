//! A plan for the objects of a batch, without those that cannot be changed.

use std::collections::BTreeMap;

use super::{BatchKind, Deed, Item, Miss, Reach};
use crate::{
    Author, ConsoleError,
    manifest::{ApiKey, Channel, Manifest, User},
    plan::{Change, Plan, Request, State},
};

/// A plan with what was left out of it.
#[derive(Debug)]
pub(crate) struct Draft {
    /// What would change.
    pub plan: Plan,
    /// Why an object is not in the plan, by its name.
    pub misses: BTreeMap<String, (Miss, Option<String>)>,
}

// === impl Draft ===

impl Draft {
    /// Plans what becomes of every object. What only one of them is refused for leaves the others;
    /// what is wrong with all of them together refuses the whole.
    pub(crate) fn build<'a>(
        kind: BatchKind,
        items: impl IntoIterator<Item = &'a Item>,
        state: &State,
        author: &Author,
        reach: Reach,
    ) -> Result<Self, ConsoleError> {
        let mut items: Vec<&Item> = items.into_iter().collect();
        let mut misses = BTreeMap::new();
        let plan = if let Ok(plan) = Plan::build(&request(kind, &items), state) {
            plan
        } else {
            items.retain(|item| match Plan::build(&request(kind, &[item]), state) {
                Ok(_) => true,
                Err(error) => {
                    let miss = (Miss::Refused, Some(error.to_string()));
                    misses.insert(item.name.clone(), miss);
                    false
                }
            });
            Plan::build(&request(kind, &items), state)?
        };
        let mut draft = Self { plan, misses };
        draft.must_be_about(kind, &items)?;
        if reach == Reach::Everything {
            draft.leave_out_forbidden(state, author);
        }
        for item in items {
            if draft.find(&item.name).is_none() && !draft.misses.contains_key(&item.name) {
                draft.misses.insert(item.name.clone(), (Miss::Unchanged, None));
            }
        }
        Ok(draft)
    }

    /// What becomes of one object.
    pub(crate) fn find(&self, name: &str) -> Option<&Change> {
        self.plan.changes.iter().find(|change| change.name == name)
    }

    /// A plan also makes what a manifest names and nobody has; nobody was shown that.
    fn must_be_about(&self, kind: BatchKind, items: &[&Item]) -> Result<(), ConsoleError> {
        let is_meant = |change: &Change| {
            change.kind == kind.kind() && items.iter().any(|item| item.name == change.name)
        };
        match self.plan.changes.iter().find(|change| !is_meant(change)) {
            None => Ok(()),
            Some(change) => Err(ConsoleError::Conflict(format!(
                "{} `{}` is gone: look again at what is to change",
                change.kind.as_str(),
                change.name
            ))),
        }
    }

    fn leave_out_forbidden(&mut self, state: &State, author: &Author) {
        let misses = &mut self.misses;
        self.plan.changes.retain(|change| {
            let refused = change.beyond_rights(state, author);
            if refused.is_empty() {
                return true;
            }
            let told: Vec<String> = refused.into_iter().map(|field| field.detail).collect();
            misses.insert(change.name.clone(), (Miss::Forbidden, Some(told.join("; "))));
            false
        });
    }
}

/// What a plan is asked for.
fn request(kind: BatchKind, items: &[&Item]) -> Request {
    let mut manifest = Manifest::empty();
    let (mut delete, mut revoke) = (Vec::new(), Vec::new());
    for item in items {
        match &item.deed {
            Deed::Channel(one) => {
                manifest.channels.push(Channel { limits: item.limits, ..(**one).clone() });
            }
            Deed::Model(one) => manifest.models.push((**one).clone()),
            Deed::User(one) => {
                manifest.users.push(User { limits: item.limits, ..(**one).clone() });
            }
            Deed::ApiKey(one) => {
                manifest.api_keys.push(ApiKey { limits: item.limits, ..(**one).clone() });
            }
            Deed::Revoke => revoke.push(item.name.clone()),
            Deed::Delete => delete.push((kind.kind(), item.name.clone())),
        }
    }
    Request { manifest, delete, revoke, ..Request::default() }
}
