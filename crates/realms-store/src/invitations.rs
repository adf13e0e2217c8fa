//! Invitations: the code of each user, who came by it, and what was given for that.

use realms_types::{InvitationAfter, InvitationTerms, Money, OrderState, Timestamp, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};

use crate::{
    Reader, Store, StoreError, Tx,
    entity::{invitation, invitation_code},
    sql::{self, OnDuplicate},
};

/// That somebody came by the code of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitationRecord {
    /// Who came.
    pub invitee: UserId,
    /// Whose code it was; `None`: of somebody who is not there any more.
    pub inviter: Option<UserId>,
    /// When they signed up.
    pub at: Timestamp,
    /// What was promised then.
    pub terms: InvitationTerms,
    /// What the inviter is given, once that is decided.
    pub earned: Option<Money>,
    /// When both were given theirs.
    pub rewarded_at: Option<Timestamp>,
}

/// What came of the invitations of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InvitationSums {
    /// How many came.
    pub invited: u64,
    /// For how many of them something was to be given, and was.
    pub rewarded: u64,
    /// What the user was given for them in all.
    pub earned: Money,
}

/// Letters and digits of the longest code.
const LONGEST_CODE: usize = 16;

const INVITER: &str = "\
SELECT c.user_id FROM invitation_codes c JOIN users u ON u.id = c.user_id \
WHERE c.code = ? AND u.enabled = ?";

/// Play money pays for nothing. Who is switched off waits.
const DUE: &str = "\
SELECT i.invitee_id FROM invitations i JOIN users u ON u.id = i.invitee_id \
WHERE i.rewarded_at IS NULL AND i.invitee_id > ? AND u.enabled = ? AND (i.reward_after = ? OR EXISTS \
(SELECT 1 FROM orders o WHERE o.user_id = i.invitee_id AND o.state = ? AND o.amount > 0 \
AND o.test_mode = ?)) ORDER BY i.invitee_id LIMIT ?";

const DECIDE: &str = "\
UPDATE invitations SET earned = CASE WHEN EXISTS \
(SELECT 1 FROM users u WHERE u.id = invitations.inviter_id AND u.enabled = ?) \
THEN inviter_nano ELSE 0 END WHERE invitee_id = ? AND earned IS NULL AND rewarded_at IS NULL";

const FINISH: &str =
    "UPDATE invitations SET rewarded_at = ? WHERE invitee_id = ? AND rewarded_at IS NULL";

// === impl InvitationRecord ===

impl TryFrom<invitation::Model> for InvitationRecord {
    type Error = StoreError;

    fn try_from(row: invitation::Model) -> Result<Self, StoreError> {
        Ok(Self {
            invitee: row.invitee_id.into(),
            inviter: row.inviter_id.map(UserId::from),
            at: Timestamp::from_micros(row.invited_at),
            terms: InvitationTerms {
                inviter_usd: Money::from_nano(row.inviter_nano),
                invitee_usd: Money::from_nano(row.invitee_nano),
                after: sql::word("invitations", &row.invitee_id, &row.reward_after)?,
            },
            earned: row.earned.map(Money::from_nano),
            rewarded_at: row.rewarded_at.map(Timestamp::from_micros),
        })
    }
}

impl From<&InvitationRecord> for invitation::Model {
    fn from(record: &InvitationRecord) -> Self {
        Self {
            invitee_id: record.invitee.raw(),
            inviter_id: record.inviter.map(UserId::raw),
            invited_at: record.at.as_micros(),
            inviter_nano: record.terms.inviter_usd.nano(),
            invitee_nano: record.terms.invitee_usd.nano(),
            reward_after: record.terms.after.as_str().to_owned(),
            earned: record.earned.map(Money::nano),
            rewarded_at: record.rewarded_at.map(Timestamp::as_micros),
        }
    }
}

/// A code as it is kept: letters and digits. Case and blanks around it do not matter.
fn plain(code: &str) -> Option<String> {
    let code = code.trim();
    let is_sound = (1..=LONGEST_CODE).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_sound.then(|| code.to_ascii_uppercase())
}

// === impl Reader ===

impl Reader<'_> {
    /// The code of a user, if they have one.
    pub async fn find_invitation_code(self, user: UserId) -> Result<Option<String>, StoreError> {
        let found = invitation_code::Entity::find_by_id(user.raw()).one(&self.link()).await?;
        Ok(found.map(|row| row.code))
    }

    /// Whose code this is, unless they are switched off.
    pub async fn find_inviter(self, code: &str) -> Result<Option<UserId>, StoreError> {
        let Some(code) = plain(code) else { return Ok(None) };
        let link = self.link();
        let values = vec![code.into(), true.into()];
        let row = link.query_one_raw(sql::statement(link, INVITER, values)).await?;
        let user = |row: QueryResult| row.try_get_by_index(0).map(UserId::new);
        Ok(row.map(user).transpose()?)
    }

    /// How somebody came.
    pub async fn find_invitation(
        self,
        invitee: UserId,
    ) -> Result<Option<InvitationRecord>, StoreError> {
        self.one(invitation::Entity::find_by_id(invitee.raw())).await
    }

    /// Who came by the code of a user, the newest first.
    pub async fn list_invitations_of(
        self,
        inviter: UserId,
        most: u64,
    ) -> Result<Vec<InvitationRecord>, StoreError> {
        use invitation::Column;
        let of_inviter = invitation::Entity::find()
            .filter(Column::InviterId.eq(inviter.raw()))
            .order_by_desc(Column::InvitedAt)
            .order_by_desc(Column::InviteeId);
        self.all(of_inviter.limit(most)).await
    }

    /// What came of the invitations of a user.
    pub async fn sum_invitations_of(self, inviter: UserId) -> Result<InvitationSums, StoreError> {
        let link = self.link();
        let given = "CASE WHEN rewarded_at IS NULL THEN 0 ELSE earned END";
        let text = format!(
            "SELECT COUNT(*), COUNT(rewarded_at), {} FROM invitations WHERE inviter_id = ?",
            sql::sum(link.get_database_backend(), given),
        );
        let row = link.query_one_raw(sql::statement(link, &text, vec![inviter.raw().into()]));
        let Some(row) = row.await? else { return Ok(InvitationSums::default()) };
        let count = |at: usize| row.try_get_by_index::<i64>(at).map(i64::unsigned_abs);
        Ok(InvitationSums {
            invited: count(0)?,
            rewarded: count(1)?,
            earned: Money::from_nano(row.try_get_by_index(2)?),
        })
    }

    /// Who came by a code, did what was asked for, and was given nothing yet: by id, after one of them.
    pub async fn list_due_invitations(
        self,
        after: Option<UserId>,
        most: u64,
    ) -> Result<Vec<UserId>, StoreError> {
        let values = vec![
            after.map_or(0, UserId::raw).into(),
            true.into(),
            InvitationAfter::SignUp.as_str().into(),
            OrderState::Paid.as_str().into(),
            false.into(),
            i64::try_from(most).unwrap_or(i64::MAX).into(),
        ];
        let link = self.link();
        let rows = link.query_all_raw(sql::statement(link, DUE, values)).await?;
        rows.iter().map(|row| Ok(UserId::new(row.try_get_by_index(0)?))).collect()
    }
}

// === impl Store ===

impl Store {
    /// Decides what the inviter is given for somebody who came: nothing, where they are switched off or gone. What was
    /// decided before stays. `None`: both were given theirs, or nobody came.
    pub async fn decide_invitation(
        &self,
        invitee: UserId,
    ) -> Result<Option<InvitationRecord>, StoreError> {
        let tx = self.begin().await?;
        tx.execute(DECIDE, vec![true.into(), invitee.raw().into()]).await?;
        let record = tx.read().find_invitation(invitee).await?;
        tx.commit().await?;
        Ok(record.filter(|record| record.rewarded_at.is_none()))
    }

    /// Notes that both were given theirs. `false`: it was noted before.
    pub async fn finish_invitation(
        &self,
        invitee: UserId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let values = vec![now.as_micros().into(), invitee.raw().into()];
        let done = tx.execute(FINISH, values).await? == 1;
        tx.commit().await?;
        Ok(done)
    }
}

// === impl Tx ===

impl Tx {
    /// Gives a user a code, unless they have one, and tells which they have now. `None`: this one is another user's, and
    /// nothing changed.
    pub async fn put_invitation_code(
        &self,
        user: UserId,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let row = invitation_code::Model {
            user_id: user.raw(),
            code: code.to_owned(),
            created_at: now.as_micros(),
        };
        let done = sql::insert_all(self.link(), vec![row], OnDuplicate::Keep).await;
        done.map_err(StoreError::about("an invitation code"))?;
        self.read().find_invitation_code(user).await
    }

    /// Takes the code of a user away: nobody comes by it any more.
    pub async fn delete_invitation_code(&self, user: UserId) -> Result<(), StoreError> {
        let sql = "DELETE FROM invitation_codes WHERE user_id = ?";
        self.execute(sql, vec![user.raw().into()]).await.map(drop)
    }

    /// Notes that somebody came by a code, in the transaction in which they sign up.
    pub async fn insert_invitation(&self, record: &InvitationRecord) -> Result<(), StoreError> {
        let what = format!("how user {} came", record.invitee);
        self.insert(invitation::Model::from(record), what).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_letters_and_digits_however_they_are_written() {
        assert_eq!(plain(" 7g4kQ2m9xa ").as_deref(), Some("7G4KQ2M9XA"));
        for none in ["", " ", "7G4K-Q2M9", "7G4K\0", "é", &"A".repeat(17)] {
            assert_eq!(plain(none), None, "{none:?}");
        }
    }
}
