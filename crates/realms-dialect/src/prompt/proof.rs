//! Proofs of thoughts: signatures and sealed reasoning, and whose they are.
//!
//! Only its maker can read one, and refuses a call with another's. Each dialect has a place for its own
//! maker's; where one of another maker has to live in such a place (a Claude signature inside the
//! `encrypted_content` that a Responses client keeps) it is in an envelope: the base64 of
//! `realms:1:mt:PROOF`, where `m` is the dialect of the maker and `t` what is proved: `t` the thought it
//! stands at, `r` a thought that is not shown, `p` the part that follows.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use realms_types::DialectId;

use super::{Family, Given, Losses, Target};

/// What the text in an envelope begins with.
const MARK: &str = "realms:1:";

/// Clients may have taken the value apart and put it together again, with or without padding.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A proof of thoughts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Who made it, and who alone can read it.
    pub maker: Family,
    /// Whether it holds the thoughts themselves (`redacted_thinking`, `encrypted_content`) rather than
    /// a signature of what is shown.
    pub sealed: bool,
    /// As its maker wrote it.
    pub value: String,
}

// === impl Proof ===

impl Proof {
    /// A proof found in a place of this dialect.
    pub fn read(dialect: DialectId, sealed: bool, text: String) -> Self {
        Self::open(&text).unwrap_or_else(|| Self {
            maker: Family::native(dialect),
            sealed,
            value: text,
        })
    }

    /// As it is written in a place of this dialect: as it is where its maker speaks it, else in an envelope.
    #[must_use]
    pub fn write(&self, dialect: DialectId) -> String {
        if self.maker == Family::native(dialect) {
            return self.value.clone();
        }
        let maker = match self.maker {
            Family::Openai => 'r',
            Family::Other => 'c',
            Family::Anthropic => 'm',
            Family::Google => 'g',
        };
        let kind = if self.sealed { 'r' } else { 't' };
        STANDARD.encode(format!("{MARK}{maker}{kind}:{}", self.value))
    }

    /// What is in an envelope; `None` for what is none. Either base64 alphabet is read: google-genai for Python reads
    /// the standard one and writes the one for URLs.
    fn open(text: &str) -> Option<Self> {
        let standard = text.replace('-', "+").replace('_', "/");
        let inner = String::from_utf8(TOLERANT.decode(standard).ok()?).ok()?;
        let (tags, value) = inner.strip_prefix(MARK)?.split_once(':')?;
        let mut tags = tags.chars();
        let maker = match tags.next()? {
            'r' => Family::Openai,
            'c' => Family::Other,
            'm' => Family::Anthropic,
            'g' => Family::Google,
            _ => return None,
        };
        let sealed = match tags.next()? {
            'r' => true,
            't' | 'p' => false,
            _ => return None,
        };
        tags.next().is_none().then(|| Self { maker, sealed, value: value.to_owned() })
    }
}

/// The proof, when the target's maker made it; otherwise it is named as lost.
pub(super) fn own<'a>(
    proof: Option<&'a Given<Proof>>,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Option<&'a Proof> {
    let proof = proof?;
    let maker = proof.value.maker;
    if maker == target.family && (target.at_home || maker != Family::Openai) {
        return Some(&proof.value);
    }
    if maker == target.family {
        losses.dropped(proof.path.clone(), "only the account that sealed this thought can open it");
        return None;
    }
    losses.dropped(
        proof.path.clone(),
        "only the vendor that made this proof of thinking can read it",
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_keeps_its_maker_wherever_it_lives() {
        for maker in [Family::Openai, Family::Anthropic, Family::Google, Family::Other] {
            for sealed in [false, true] {
                for value in ["EqQB+/=", "a:b:c", ""] {
                    let proof = Proof { maker, sealed, value: value.to_owned() };
                    for dialect in DialectId::ALL {
                        let written = proof.write(dialect);
                        assert_eq!(
                            Proof::read(dialect, sealed, written.clone()),
                            proof,
                            "{dialect}"
                        );
                        let for_urls = written.replace('+', "-").replace('/', "_");
                        let unpadded = for_urls.trim_end_matches('=').to_owned();
                        if maker != Family::native(dialect) {
                            assert_eq!(Proof::read(dialect, sealed, unpadded), proof, "{dialect}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_only_looks_like_an_envelope_is_the_vendors_own() {
        for inner in
            ["realms:1:xt:v", "realms:1:mq:v", "realms:1:mtt:v", "realms:1:mt", "realms:2:mt:v"]
        {
            let text = STANDARD.encode(inner);
            let proof = Proof::read(DialectId::Messages, false, text.clone());
            assert_eq!((proof.maker, proof.value), (Family::Anthropic, text));
        }
    }

    #[test]
    fn a_foreign_proof_is_named_and_left_out() {
        let proof = Proof { maker: Family::Anthropic, sealed: false, value: "EqQB".to_owned() };
        let proof = Given::new("input[1].encrypted_content", proof);
        let mut target = Target {
            dialect: DialectId::Messages,
            model: "m",
            family: Family::Anthropic,
            max_output: None,
            at_home: true,
        };
        let mut losses = Losses::default();
        assert!(own(Some(&proof), &target, &mut losses).is_some());
        assert!(losses.is_empty());
        target.family = Family::Openai;
        assert!(own(Some(&proof), &target, &mut losses).is_none());
        assert_eq!(losses.named()[0].path, "input[1].encrypted_content");
    }

    #[test]
    fn what_an_account_sealed_goes_to_no_other_account() {
        for (maker, elsewhere) in [(Family::Openai, false), (Family::Anthropic, true)] {
            let proof = Proof { maker, sealed: true, value: "gAAA".to_owned() };
            let proof = Given::new("messages[1].content[0].signature", proof);
            let home = Target {
                dialect: DialectId::Responses,
                model: "m",
                family: maker,
                max_output: None,
                at_home: true,
            };
            let mut losses = Losses::default();
            assert!(own(Some(&proof), &home, &mut losses).is_some());
            let other = Target { at_home: false, ..home };
            assert_eq!(own(Some(&proof), &other, &mut losses).is_some(), elsewhere, "{maker:?}");
            assert_eq!(losses.is_empty(), elsewhere);
        }
    }
}
