//! The immutable snapshot of all runtime configuration, and its live handle.
//!
//! The store loads [`Rows`]; [`Catalog::build`] checks them and links them into a snapshot that a
//! call loads once and keeps to its end. A set of rows with a defect never replaces a sound one.

mod build;
mod catalog;
mod live;
mod rows;
mod settings;

pub use build::{Defect, with_api_version};
pub use catalog::{
    Account, Binding, Catalog, Channel, ChannelGroup, Credential, Endpoint, IdleBinding, Model,
    PathStep, Route, UserGroup,
};
pub use live::{Live, Offer};
pub use rows::{
    BindingRow, ChannelGroupRow, ChannelRow, CredentialRow, EndpointRow, ErrorRuleRow,
    GroupChannelRow, ModelRow, Rows, SettingRow, UserGroupRow,
};
pub use settings::{
    Feature, Features, GithubSettings, MailSecurity, MailSettings, OidcSettings, PriceListFormat,
    PriceSyncMode, PriceSyncSettings, Section, SettingError, SettingInfo, SettingKind, Settings,
};
