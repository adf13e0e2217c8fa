//! What somebody may do, by role or by the scopes of an admin key.

use std::collections::BTreeSet;

use realms_store::{Role, Scope, Scopes};
use serde::Serialize;
use utoipa::ToSchema;

/// One thing that somebody may do. The console shows what the reader may do, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
pub enum Permission {
    /// Look at how the service is run.
    #[serde(rename = "operate")]
    Operate,
    /// Change channels, models and groups.
    #[serde(rename = "channels.write")]
    ChannelsWrite,
    /// Write the credentials of channels, and API keys and passwords of others.
    #[serde(rename = "secrets.write")]
    SecretsWrite,
    /// Have API keys of others shown.
    #[serde(rename = "secrets.reveal")]
    SecretsReveal,
    /// Change prices and multipliers.
    #[serde(rename = "prices.write")]
    PricesWrite,
    /// Change users and their API keys.
    #[serde(rename = "users.write")]
    UsersWrite,
    /// Change who is root or admin, and everything of those who are.
    #[serde(rename = "roles.write")]
    RolesWrite,
    /// Change settings.
    #[serde(rename = "settings.write")]
    SettingsWrite,
    /// Read the audit log.
    #[serde(rename = "audit.read")]
    AuditRead,
    /// Make and delete admin keys.
    #[serde(rename = "admin_keys.write")]
    AdminKeysWrite,
    /// Read what everyone called and what it cost.
    #[serde(rename = "usage.read")]
    UsageRead,
}

/// Everything that somebody may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions(BTreeSet<Permission>);

// === impl Permission ===

impl Permission {
    /// Everything there is.
    pub const ALL: [Self; 11] = [
        Self::Operate,
        Self::ChannelsWrite,
        Self::SecretsWrite,
        Self::SecretsReveal,
        Self::PricesWrite,
        Self::UsersWrite,
        Self::RolesWrite,
        Self::SettingsWrite,
        Self::AuditRead,
        Self::AdminKeysWrite,
        Self::UsageRead,
    ];

    /// What an admin may do: operate, without money, secrets and roles.
    const OF_ADMINS: [Self; 5] =
        [Self::Operate, Self::ChannelsWrite, Self::UsersWrite, Self::AuditRead, Self::UsageRead];
}

// === impl Permissions ===

impl Permissions {
    /// What everyone with a shell on the server may do.
    pub fn all() -> Self {
        Permission::ALL.into_iter().collect()
    }

    /// What a role may do.
    pub fn of_role(role: Role) -> Self {
        match role {
            Role::User => Self::default(),
            Role::Admin => Permission::OF_ADMINS.into_iter().collect(),
            Role::Root => Self::all(),
        }
    }

    /// What an admin key may do. Only one with the scope `everything` makes others root: whoever
    /// can do that can do everything.
    pub fn of_scopes(scopes: &Scopes) -> Self {
        let given = scopes.iter().flat_map(|scope| match scope {
            Scope::ConfigRead | Scope::UsersRead => &[Permission::Operate][..],
            Scope::ConfigWrite => &[
                Permission::Operate,
                Permission::ChannelsWrite,
                Permission::PricesWrite,
                Permission::SettingsWrite,
            ],
            Scope::UsersWrite => &[Permission::Operate, Permission::UsersWrite],
            Scope::UsageRead => &[Permission::UsageRead],
            Scope::AuditRead => &[Permission::AuditRead],
            Scope::SecretsWrite => &[Permission::SecretsWrite, Permission::SecretsReveal],
            Scope::Everything => &Permission::ALL,
        });
        given.copied().collect()
    }

    /// Whether this may be done.
    pub fn allow(&self, permission: Permission) -> bool {
        self.0.contains(&permission)
    }

    /// Each thing that may be done, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().collect())
    }
}
