//! A plan as people read it.

use std::fmt;

use super::{Change, FieldChange, Plan, Verb};

// === impl Plan ===

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.changes.iter().try_for_each(|change| change.fmt(f))?;
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))?;
        if self.is_empty() {
            return writeln!(f, "nothing to change");
        }
        let [create, update, delete] =
            [Verb::Create, Verb::Update, Verb::Delete].map(|verb| self.count(verb));
        writeln!(f, "{create} to create, {update} to update, {delete} to delete")
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.verb {
            Verb::Create => '+',
            Verb::Update => '~',
            Verb::Delete => '-',
            Verb::Revoke => '!',
        };
        writeln!(f, "{sign} {} `{}`", self.kind.as_str(), self.name)?;
        self.fields.iter().try_for_each(|field| writeln!(f, "    {field}"))
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, before, after } = self;
        match (before, after) {
            (None, Some(after)) => write!(f, "{path}: {after}"),
            (Some(before), Some(after)) => write!(f, "{path}: {before} -> {after}"),
            (Some(before), None) => write!(f, "{path}: {before} -> nothing"),
            (None, None) => f.write_str(path),
        }
    }
}
