//! The handle through which everyone reads the newest sound snapshot.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};

use crate::{Catalog, Defect, Rows};

/// The newest sound snapshot, and what is wrong with the newest rows if they are not sound.
#[derive(Debug, Default)]
pub struct Live {
    current: ArcSwap<Catalog>,
    defects: ArcSwap<Vec<Defect>>,
}

/// What became of newly loaded rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// They are in force.
    Taken,
    /// They have defects; the snapshot before them stays in force.
    Refused(Vec<Defect>),
    /// They have defects and nothing came before them; their sound part is in force.
    TakenInPart(Vec<Defect>),
}

impl Live {
    /// The snapshot in force. Load it once per call; do not hold the guard across a wait.
    pub fn load(&self) -> Guard<Arc<Catalog>> {
        self.current.load()
    }

    /// The snapshot in force, to keep.
    pub fn snapshot(&self) -> Arc<Catalog> {
        self.current.load_full()
    }

    /// What is wrong with the newest rows; empty when they are in force.
    pub fn defects(&self) -> Arc<Vec<Defect>> {
        self.defects.load_full()
    }

    /// Puts rows in force if they are sound.
    pub fn offer(&self, rows: &Rows) -> Offer {
        match Catalog::build(rows) {
            Ok(catalog) => {
                self.current.store(Arc::new(catalog));
                self.defects.store(Arc::default());
                Offer::Taken
            }
            Err(defects) if self.current.load().version() > 0 => {
                self.defects.store(Arc::new(defects.clone()));
                Offer::Refused(defects)
            }
            Err(_) => {
                let (catalog, defects) = Catalog::build_sound(rows);
                self.current.store(Arc::new(catalog));
                self.defects.store(Arc::new(defects.clone()));
                Offer::TakenInPart(defects)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SettingRow;

    fn rows(version: i64, settings: &[(&str, &str)]) -> Rows {
        let row = |(key, value): &(&str, &str)| SettingRow {
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            unreadable: None,
        };
        Rows { version, settings: settings.iter().map(row).collect(), ..Rows::default() }
    }

    #[test]
    fn a_defect_keeps_the_last_sound_snapshot() {
        let live = Live::default();
        assert_eq!(live.offer(&rows(1, &[("retry_max_tries", "2")])), Offer::Taken);
        let refused = live.offer(&rows(2, &[("retry_max_tries", "none")]));
        assert!(matches!(refused, Offer::Refused(_)));
        assert_eq!((live.load().version(), live.defects().len()), (1, 1));
        assert_eq!(live.load().settings().retry_max_tries, 2);

        assert_eq!(live.offer(&rows(3, &[])), Offer::Taken);
        assert_eq!((live.load().version(), live.defects().len()), (3, 0));
    }

    #[test]
    fn a_first_start_serves_the_sound_part() {
        let live = Live::default();
        let offer = live.offer(&rows(5, &[("nope", "1"), ("retry_max_tries", "4")]));
        assert!(matches!(offer, Offer::TakenInPart(_)));
        assert_eq!(live.load().settings().retry_max_tries, 4);
    }
}
