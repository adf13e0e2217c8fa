//! What is switched on.

/// Something that can be switched off as a whole: its routes answer as if they were not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// Announcements.
    Announcements,
    /// A user's own API keys.
    Tokens,
    /// A user's own usage.
    Usage,
    /// The models a user may call.
    Models,
    /// Balances, plans and payments.
    Billing,
    /// Tickets.
    Tickets,
    /// Trying models in the browser.
    Playground,
    /// Managing channels.
    AdminChannels,
    /// Managing channel groups.
    AdminChannelGroups,
    /// Managing users.
    AdminUsers,
    /// Everyone's usage.
    AdminUsage,
    /// Managing announcements.
    AdminAnnouncements,
    /// Apps of others that users let in.
    OauthApps,
    /// Who calls most.
    Ranking,
    /// What models cost, for anyone.
    PublicPrices,
    /// How models have been doing, for anyone.
    PublicStatus,
    /// What an API key is good for, for whoever enters it.
    PublicKey,
}

/// Which features are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features {
    /// A bit for each that is off.
    off: u32,
}

// === impl Feature ===

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 17] = [
        Self::Announcements,
        Self::Tokens,
        Self::Usage,
        Self::Models,
        Self::Billing,
        Self::Tickets,
        Self::Playground,
        Self::AdminChannels,
        Self::AdminChannelGroups,
        Self::AdminUsers,
        Self::AdminUsage,
        Self::AdminAnnouncements,
        Self::OauthApps,
        Self::Ranking,
        Self::PublicPrices,
        Self::PublicStatus,
        Self::PublicKey,
    ];

    /// What serves those who pay: in self mode there is none of it.
    pub const OF_BUSINESS: [Self; 9] = [
        Self::Announcements,
        Self::Billing,
        Self::Tickets,
        Self::AdminAnnouncements,
        Self::OauthApps,
        Self::Ranking,
        Self::PublicPrices,
        Self::PublicStatus,
        Self::PublicKey,
    ];

    /// What tells people of each other, or anyone of the site: off until somebody wants it.
    pub const OFF_AT_FIRST: [Self; 4] =
        [Self::Ranking, Self::PublicPrices, Self::PublicStatus, Self::PublicKey];

    /// The word in JSON; its setting is `feature_` and this word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Announcements => "announcements",
            Self::Tokens => "tokens",
            Self::Usage => "usage",
            Self::Models => "models",
            Self::Billing => "billing",
            Self::Tickets => "tickets",
            Self::Playground => "playground",
            Self::AdminChannels => "admin_channels",
            Self::AdminChannelGroups => "admin_channel_groups",
            Self::AdminUsers => "admin_users",
            Self::AdminUsage => "admin_usage",
            Self::AdminAnnouncements => "admin_announcements",
            Self::OauthApps => "oauth_apps",
            Self::Ranking => "ranking",
            Self::PublicPrices => "public_prices",
            Self::PublicStatus => "public_status",
            Self::PublicKey => "public_key",
        }
    }

    /// What it cannot do without: a playground needs a key and a model, and a channel group is made of channels.
    const fn needs(self) -> &'static [Self] {
        match self {
            Self::Playground => &[Self::Tokens, Self::Models],
            Self::AdminChannelGroups => &[Self::AdminChannels],
            _ => &[],
        }
    }

    const fn bit(self) -> u32 {
        1 << self as u16
    }
}

// === impl Features ===

impl Default for Features {
    fn default() -> Self {
        let mut features = Self { off: 0 };
        for feature in Feature::OFF_AT_FIRST {
            features.switch(feature, false);
        }
        features
    }
}

impl Features {
    /// Whether a feature is switched on.
    pub const fn has(self, feature: Feature) -> bool {
        self.off & feature.bit() == 0
    }

    /// What is there: in self mode without what serves those who pay, whatever is set, and without what needs something
    /// that is off.
    #[must_use]
    pub fn in_mode(mut self, self_mode: bool) -> Self {
        if self_mode {
            for feature in Feature::OF_BUSINESS {
                self.switch(feature, false);
            }
        }
        for feature in Feature::ALL {
            if !feature.needs().iter().all(|needed| self.has(*needed)) {
                self.switch(feature, false);
            }
        }
        self
    }

    pub(super) fn switch(&mut self, feature: Feature, on: bool) {
        if on {
            self.off &= !feature.bit();
        } else {
            self.off |= feature.bit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn self_mode_has_nothing_that_serves_those_who_pay() {
        let mut all = Features::default();
        let off: Vec<_> = Feature::ALL.into_iter().filter(|one| !all.has(*one)).collect();
        assert_eq!(off, Feature::OFF_AT_FIRST);
        for one in off {
            all.switch(one, true);
        }
        let own = all.in_mode(true);
        let off: Vec<_> = Feature::ALL.into_iter().filter(|one| !own.has(*one)).collect();
        assert_eq!(off, Feature::OF_BUSINESS);
        assert_eq!(all.in_mode(false), all);
    }

    #[test]
    fn what_needs_something_that_is_off_is_off_too() {
        let off = |feature| {
            let mut some = Features { off: 0 };
            some.switch(feature, false);
            let there = some.in_mode(false);
            Feature::ALL.into_iter().filter(|one| !there.has(*one)).collect::<Vec<_>>()
        };
        assert_eq!(off(Feature::Tokens), [Feature::Tokens, Feature::Playground]);
        assert_eq!(off(Feature::Models), [Feature::Models, Feature::Playground]);
        assert_eq!(
            off(Feature::AdminChannels),
            [Feature::AdminChannels, Feature::AdminChannelGroups]
        );
        assert_eq!(off(Feature::Usage), [Feature::Usage]);
    }
}
