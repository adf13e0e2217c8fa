//! Proofs of thoughts: signatures and sealed reasoning, and whose they are.
//!
//! Only its maker can read one, and refuses a call with another's. Each dialect has a place for its own
//! maker's seals; where one of another maker has to live in such a place (a Claude signature inside the
//! `encrypted_content` that a Responses client keeps) it is wrapped, so that it can be told when it comes
//! back: `realms.1.anthropic.s.PROOF`.

use realms_types::DialectId;

use super::{At, Family, Losses, Target};

const MARK: &str = "realms.1.";

/// A proof of thoughts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Who made it, and who alone can read it.
    pub maker: Family,
    /// Whether it holds the thoughts themselves (`redacted_thinking`, `encrypted_content`) rather than
    /// a signature of what is shown.
    pub sealed: bool,
    /// As its maker wrote it.
    pub proof: String,
}

// === impl Seal ===

impl Seal {
    /// A seal found in a place of this dialect.
    pub fn read(dialect: DialectId, sealed: bool, text: String) -> Self {
        Self::unwrap(&text).unwrap_or_else(|| Self {
            maker: Family::native(dialect),
            sealed,
            proof: text,
        })
    }

    /// As it is written in a place of this dialect.
    #[must_use]
    pub fn write(&self, dialect: DialectId) -> String {
        if self.maker == Family::native(dialect) && !self.proof.starts_with(MARK) {
            return self.proof.clone();
        }
        let kind = if self.sealed { 'd' } else { 's' };
        format!("{MARK}{}.{kind}.{}", self.maker.as_str(), self.proof)
    }

    fn unwrap(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix(MARK)?.splitn(3, '.');
        let maker = Family::find(parts.next()?)?;
        let sealed = match parts.next()? {
            "d" => true,
            "s" => false,
            _ => return None,
        };
        Some(Self { maker, sealed, proof: parts.next()?.to_owned() })
    }
}

/// The seal, when the target's maker made it; otherwise it is named as lost.
pub(super) fn own<'a>(
    seal: Option<&'a At<Seal>>,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Option<&'a Seal> {
    let seal = seal?;
    if seal.value.maker == target.family {
        return Some(&seal.value);
    }
    losses
        .dropped(seal.path.clone(), "only the vendor that made this proof of thinking can read it");
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_keeps_its_maker_wherever_it_lives() {
        for maker in [Family::Openai, Family::Anthropic, Family::Google, Family::Other] {
            for sealed in [false, true] {
                for proof in ["EqQB+/=", "a.b.c", "realms.1.google.s.x", ""] {
                    let seal = Seal { maker, sealed, proof: proof.to_owned() };
                    for dialect in DialectId::ALL {
                        let back = Seal::read(dialect, sealed, seal.write(dialect));
                        assert_eq!(back, seal, "{dialect}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_only_looks_wrapped_is_the_vendors_own() {
        for text in ["realms.1.nobody.s.x", "realms.1.google.q.x", "realms.1.google.s", "EqQB"] {
            let seal = Seal::read(DialectId::Messages, false, text.to_owned());
            assert_eq!((seal.maker, seal.proof.as_str()), (Family::Anthropic, text));
        }
    }

    #[test]
    fn a_foreign_seal_is_named_and_left_out() {
        let seal = Seal { maker: Family::Anthropic, sealed: false, proof: "EqQB".to_owned() };
        let seal = At::new("input[1].encrypted_content", seal);
        let mut target = Target {
            dialect: DialectId::Messages,
            model: "m",
            family: Family::Anthropic,
            max_output: None,
        };
        let mut losses = Losses::default();
        assert!(own(Some(&seal), &target, &mut losses).is_some());
        assert!(losses.is_empty());
        target.family = Family::Openai;
        assert!(own(Some(&seal), &target, &mut losses).is_none());
        assert_eq!(losses.named()[0].path, "input[1].encrypted_content");
    }
}
