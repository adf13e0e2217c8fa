//! Making an account.

use realms_store::{InvitationRecord, Role, Tx, UserGroupRecord, UserRecord};
use realms_types::{InvitationTerms, Secret, UserGroupId, Username};

use super::{Accounts, Origin};
use crate::{IdentityError, Letter, code::CodePurpose, guess::Account, read_email};

/// The group of people who make their own account.
pub const DEFAULT_GROUP: &str = "default";

/// What the settings say about making an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistrationRules {
    /// Whether anyone may.
    pub open: bool,
    /// Whether an address must be given, and shown to be theirs.
    pub verify_email: bool,
}

/// What somebody who makes an account says.
#[derive(Debug)]
pub struct Registration {
    /// The log-in name.
    pub username: Username,
    /// The address.
    pub email: Option<String>,
    /// The password.
    pub password: Secret<String>,
    /// The code that was sent to the address.
    pub code: Option<String>,
    /// What they were invited by.
    pub invite: Option<Invite>,
}

/// What somebody was invited by.
#[derive(Debug)]
pub struct Invite {
    /// The code of whoever invited them.
    pub code: String,
    /// What is promised for it.
    pub terms: InvitationTerms,
}

// === impl Accounts ===

impl Accounts {
    /// Sends a code to an address. What comes back and how long it takes is the same for an address
    /// that has an account; only its owner is told, by mail.
    pub async fn send_register_code(
        &self,
        rules: RegistrationRules,
        email: &str,
        origin: &Origin,
    ) -> Result<(), IdentityError> {
        if !rules.open {
            return Err(IdentityError::RegistrationClosed);
        }
        let email = read_email(email)?;
        self.guesses.begin_mail(&email, origin.address).await?;
        let taken = self.store.read().find_user_by_email(&email).await?.is_some();
        let code = self.codes.make(CodePurpose::Register, &email).await?;
        let letter = if taken { Letter::HasAccount } else { Letter::RegisterCode(code) };
        self.mailer.post(&email, origin.language, letter);
        Ok(())
    }

    /// Makes an account.
    pub async fn register(
        &self,
        rules: RegistrationRules,
        registration: Registration,
        origin: &Origin,
    ) -> Result<UserRecord, IdentityError> {
        if !rules.open {
            return Err(IdentityError::RegistrationClosed);
        }
        let Registration { username, email, password, code, invite } = registration;
        let email = email.as_deref().map(read_email).transpose()?;
        crate::check_password(&password)?;
        let code = match (rules.verify_email, &email) {
            (true, Some(email)) => {
                let code = code.unwrap_or_default();
                // Counted as every other flow counts this address, so that none of them tells by its
                // patience whether it is somebody's.
                let owner = self.store.read().find_user_by_email(email).await?;
                let account = owner.map_or(Account::Unknown(email), |user| Account::Known(user.id));
                let guess = self.guesses.begin(account, origin.address).await?;
                let code = self.codes.check(CodePurpose::Register, email, &code).await?;
                guess.was_right().await;
                Some(code)
            }
            (true, None) => return Err(IdentityError::EmailNeeded),
            (false, _) => {
                // Names and addresses that are taken can be found out here: so many, and no more.
                self.guesses.begin_registration(origin.address).await?;
                None
            }
        };
        let hash = self.passwords.hash(password).await?;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        if let Some(code) = code
            && !tx.take_one_time_code(code).await?
        {
            return Err(IdentityError::WrongCode);
        }
        let group_id = self.default_group(&mut tx).await?;
        let user = UserRecord {
            id: self.ids.next(),
            username: username.to_string(),
            email,
            password_hash: Some(Secret::from(hash)),
            role: Role::User,
            group_id,
            enabled: true,
            created_at: now,
            updated_at: now,
            epoch: 0,
            limits: realms_types::Limits::NONE,
            budgets: Vec::new(),
        };
        tx.insert_user(&user).await.map_err(IdentityError::taken)?;
        if let (Some(_), Some(email)) = (code, &user.email) {
            tx.put_verified_email(user.id, email, now).await?;
        }
        if let Some(invite) = invite {
            note_invite(&tx, &invite, &user).await?;
        }
        self.note_in(&mut tx, origin, Some(&user), "user.register").await?;
        tx.commit().await?;
        Ok(user)
    }

    /// The group of new people, made when it is not there.
    pub(super) async fn default_group(&self, tx: &mut Tx) -> Result<UserGroupId, IdentityError> {
        let groups = tx.read().list_user_groups().await?;
        if let Some(group) = groups.iter().find(|group| group.name == DEFAULT_GROUP) {
            return Ok(group.id);
        }
        let now = self.clock.now();
        let group = UserGroupRecord {
            id: self.ids.next(),
            name: DEFAULT_GROUP.to_owned(),
            channel_groups: Vec::new(),
            multiplier: realms_types::Ppm::ONE,
            created_at: now,
            updated_at: now,
        };
        tx.insert_user_group(&group).await?;
        Ok(group.id)
    }
}

/// Notes by whose code a new user came.
async fn note_invite(tx: &Tx, invite: &Invite, user: &UserRecord) -> Result<(), IdentityError> {
    let inviter = tx.read().find_inviter(&invite.code).await?;
    let record = InvitationRecord {
        invitee: user.id,
        inviter: Some(inviter.ok_or(IdentityError::UnknownInvite)?),
        at: user.created_at,
        terms: invite.terms,
        earned: None,
        rewarded_at: None,
    };
    Ok(tx.insert_invitation(&record).await?)
}
