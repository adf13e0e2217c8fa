//! New redemption codes.

use realms_seal::{Purpose, Secret, random_bytes};
use realms_store::{AuditRecord, RedemptionCodeRecord};
use realms_types::{Money, PlanId, PlanTerms, RedemptionCodeId, Timestamp};

use super::Commerce;
use crate::{CodeRefusal, CommerceError};

/// Codes that are made together.
#[derive(Debug, Clone)]
pub struct CodeBatch {
    /// What they are found by.
    pub name: String,
    /// What each is worth.
    pub worth: Worth,
    /// How many people may use each, once.
    pub most_uses: i64,
    /// From when on they are good for nothing.
    pub expires_at: Option<Timestamp>,
    /// Who makes them.
    pub made_by: String,
    /// The codes themselves, or how many are to be made up.
    pub codes: NewCode,
    /// What the audit log says of it, in the same transaction.
    pub audit: Option<AuditRecord>,
}

/// What a code is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// Money on the balance.
    Money(Money),
    /// Time of a plan, under its terms of today.
    Time(PlanId),
}

/// Which codes.
#[derive(Debug, Clone)]
pub enum NewCode {
    /// So many that nobody can guess.
    Generated(usize),
    /// These.
    Given(Vec<Secret<String>>),
}

/// The most that are made at once.
const MOST: usize = 1_000;
/// The most that a code is worth: ten million USD, as the ledger moves at once.
const LARGEST: i64 = 10_000_000 * 1_000_000_000;
/// Crockford's base 32, which survives being read aloud.
pub(super) const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// === impl Commerce ===

impl Commerce {
    /// Makes codes and tells them. One that exists already fails them all.
    pub async fn make_codes(
        &self,
        batch: CodeBatch,
    ) -> Result<Vec<(RedemptionCodeRecord, Secret<String>)>, CommerceError> {
        let (amount, plan, terms) = self.worth(batch.worth).await?;
        let codes = match &batch.codes {
            NewCode::Generated(count) => (0..*count).map(|_| generated()).collect(),
            NewCode::Given(codes) => codes.clone(),
        };
        if !(1..=MOST).contains(&codes.len()) || batch.most_uses < 1 {
            return Err(CodeRefusal::Empty.into());
        }
        let (mut records, mut made) = (Vec::with_capacity(codes.len()), Vec::new());
        for code in codes {
            let code = normal(code.reveal())?;
            let id = self.ids.next();
            let place = RedemptionCodeRecord::code_place(id);
            let letters = code.reveal();
            records.push(RedemptionCodeRecord {
                id,
                batch: batch.name.clone(),
                code_hash: self.hash(&code),
                sealed_code: self.keyring.seal(Purpose::Payment, place, letters.as_bytes())?,
                hint: letters[letters.len() - 4..].to_owned(),
                amount,
                plan,
                terms: terms.clone(),
                most_uses: batch.most_uses,
                used: 0,
                expires_at: batch.expires_at,
                enabled: true,
                created_by: batch.made_by.clone(),
                created_at: self.clock.now(),
            });
            made.push(code);
        }
        let tx = self.store.begin().await?;
        tx.insert_redemption_codes(&records).await?;
        tx.insert_audits(batch.audit.as_slice()).await?;
        tx.commit().await?;
        Ok(records.into_iter().zip(made).collect())
    }

    /// Makes a code good for nothing, or good again.
    pub async fn enable_code(
        &self,
        id: RedemptionCodeId,
        enabled: bool,
        audit: Option<AuditRecord>,
    ) -> Result<(), CommerceError> {
        let tx = self.store.begin().await?;
        tx.enable_redemption_code(id, enabled).await?;
        tx.insert_audits(audit.as_slice()).await?;
        Ok(tx.commit().await?)
    }

    /// A code itself. That somebody looked at it is for who calls this to write down.
    pub fn reveal_code(
        &self,
        record: &RedemptionCodeRecord,
    ) -> Result<Secret<String>, CommerceError> {
        let place = RedemptionCodeRecord::code_place(record.id);
        Ok(self.keyring.unseal_text(Purpose::Payment, place, &record.sealed_code)?)
    }

    async fn worth(
        &self,
        worth: Worth,
    ) -> Result<(Money, Option<PlanId>, PlanTerms), CommerceError> {
        match worth {
            Worth::Money(amount) if (1..=LARGEST).contains(&amount.nano()) => {
                Ok((amount, None, PlanTerms::default()))
            }
            Worth::Money(_) => Err(CodeRefusal::Empty.into()),
            Worth::Time(plan) => {
                let plan = self.store.read().find_plan(plan).await?;
                let plan = plan.ok_or(CommerceError::NotFound("plan"))?;
                if !plan.terms.is_sensible() {
                    return Err(CodeRefusal::Empty.into());
                }
                Ok((Money::ZERO, Some(plan.id), plan.terms))
            }
        }
    }

    /// What a code is known by.
    pub(super) fn hash(&self, code: &Secret<String>) -> [u8; 32] {
        self.keyring.keyed_hash(&format!("redemption code {}", code.reveal()))
    }
}

/// A code as it is known: upper case, without the spaces around it.
pub(super) fn normal(code: &str) -> Result<Secret<String>, CodeRefusal> {
    let code = code.trim();
    let fits = (8..=64).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { Ok(Secret::new(code.to_ascii_uppercase())) } else { Err(CodeRefusal::Form) }
}

/// 80 bits in four groups of four letters.
fn generated() -> Secret<String> {
    let bytes: [u8; 16] = random_bytes();
    let mut code = String::with_capacity(19);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(LETTERS[usize::from(byte & 31)]));
    }
    Secret::new(code)
}
