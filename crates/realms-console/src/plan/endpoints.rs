//! The addresses of a channel: what cannot be one, and which lead where its keys were never sent.

use std::collections::BTreeSet;

use url::{Origin, Url};

use crate::manifest::{Channel, Endpoint};

/// Further addresses of one channel.
const MOST: usize = 16;
/// What a row holds.
const LONGEST: usize = 2048;

/// What is wrong with the addresses of a channel.
pub(super) fn mistakes(channel: &Channel) -> Vec<String> {
    let mut mistakes = Vec::new();
    let first = channel.base_url.as_deref();
    if let Some(Err(why)) = first.map(check) {
        mistakes.push(format!("base_url: {why}"));
    }
    let further = channel.endpoints.as_deref().unwrap_or_default();
    if further.len() > MOST {
        mistakes
            .push(format!("endpoints: at most {MOST} further addresses, not {}", further.len()));
        return mistakes;
    }
    let mut seen: BTreeSet<String> = first.map(plain).into_iter().collect();
    for Endpoint { base_url, priority, .. } in further {
        let mut add = |why: &str| mistakes.push(format!("endpoints: `{base_url}`: {why}"));
        if let Err(why) = check(base_url) {
            // The address is not told: a password may be in it.
            mistakes.push(format!("endpoints: {why}"));
        } else if !seen.insert(plain(base_url)) {
            add("the channel has this address already: leave one out");
        } else if priority.is_some_and(|priority| priority >= 0) {
            add("its priority must be below 0, that of `base_url`: to try it first, make it the \
                 `base_url`");
        }
    }
    mistakes
}

/// What of the wanted addresses leads to a host at which the channel had none; `None`: nothing.
pub(super) fn new_host(held: &Channel, wanted: &Channel) -> Option<String> {
    let had: Vec<Origin> = addresses(held).filter_map(origin).collect();
    if had.is_empty() {
        return None;
    }
    let is_new = |address: &str| origin(address).is_none_or(|origin| !had.contains(&origin));
    if wanted.base_url.as_deref().is_none_or(is_new) {
        return Some("its base_url".to_owned());
    }
    let mut further = wanted.endpoints.iter().flatten().map(|one| one.base_url.as_str());
    further.find(|address| is_new(address)).map(|address| format!("endpoints: `{address}`"))
}

fn addresses(channel: &Channel) -> impl Iterator<Item = &str> {
    let further = channel.endpoints.iter().flatten().map(|one| one.base_url.as_str());
    channel.base_url.as_deref().into_iter().chain(further)
}

fn origin(address: &str) -> Option<Origin> {
    Url::parse(address).ok().map(|url| url.origin())
}

/// An address by which it is known to be the same as another.
fn plain(address: &str) -> String {
    let written = Url::parse(address).map_or_else(|_| address.to_owned(), String::from);
    written.trim_end_matches('/').to_owned()
}

fn check(text: &str) -> Result<(), String> {
    let refused = |why: &str| Err(why.to_owned());
    match Url::parse(text) {
        Err(error) => refused(&error.to_string()),
        Ok(_) if text.len() > LONGEST => refused("it is too long: at most 2048 characters"),
        Ok(url) if !matches!(url.scheme(), "http" | "https") || !url.has_host() => {
            refused("it is not an address such as https://api.openai.com/v1")
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            refused("a user or a password does not belong in it; use a credential")
        }
        Ok(url) if url.query().is_some() || url.fragment().is_some() => {
            refused("a query or a fragment does not belong in it")
        }
        Ok(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(addresses: &[&str]) -> Channel {
        let mut addresses = addresses.iter().map(|text| (*text).to_owned());
        let base_url = addresses.next();
        let further = |base_url| Endpoint { base_url, priority: None, enabled: None };
        let endpoints = Some(addresses.map(further).collect());
        Channel { base_url, endpoints, ..Channel::named("a".to_owned()) }
    }

    #[test]
    fn every_address_is_held_to_the_same_rules() {
        const A: &str = "https://a.example/v1";
        for (addresses, mistake) in [
            (&[A, "https://b.example/v1"][..], None),
            (&[A, "https://a.example/v2"], None),
            (&["ftp://a.example"], Some("base_url: it is not an address")),
            (&[A, "b.example"], Some("endpoints: relative URL")),
            (&[A, "https://user:canary@b.example"], Some("endpoints: a user or a password")),
            (&[A, "https://b.example?x=1"], Some("endpoints: a query or a fragment")),
            (&[A, "https://A.example/v1/"], Some("the channel has this address already")),
            (&[A, "https://b.example", "https://b.example/"], Some("has this address already")),
        ] {
            let told = mistakes(&channel(addresses)).join("; ");
            assert!(!told.contains("canary"), "{told}");
            match mistake {
                Some(mistake) => assert!(told.contains(mistake), "{addresses:?}: {told}"),
                None => assert_eq!(told, ""),
            }
        }
        let mut one = channel(&[A, "https://b.example"]);
        for (priority, is_sound) in [(-9, true), (-1, true), (0, false), (5, false)] {
            one.endpoints.as_mut().unwrap()[0].priority = Some(priority);
            assert_eq!(mistakes(&one).is_empty(), is_sound, "{priority}");
        }
        let many: Vec<String> = (0..18).map(|n| format!("https://{n}.b.example")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(mistakes(&channel(&many[..17])), Vec::<String>::new());
        assert_eq!(mistakes(&channel(&many)), ["endpoints: at most 16 further addresses, not 17"]);
    }

    #[test]
    fn a_host_is_new_where_the_channel_had_no_address() {
        const A: &str = "https://a.example/v1";
        const B: &str = "https://b.example/v1";
        for (held, wanted, new) in [
            (&[A][..], &[A][..], None),
            (&[A], &["https://a.example/v2"], None),
            (&[A], &[B], Some("its base_url")),
            (&[A], &[A, B], Some("endpoints: `https://b.example/v1`")),
            (&[A], &[A, "https://a.example:8443"], Some("endpoints: `https://a.example:8443`")),
            (&[A], &[A, "http://a.example/v1"], Some("endpoints: `http://a.example/v1`")),
            (&[A, B], &[B, A], None),
            (&[A, B], &[B], None),
            (&[A, B], &[A, "https://b.example/eu"], None),
            (&[], &[A, B], None),
        ] {
            let found = new_host(&channel(held), &channel(wanted));
            assert_eq!(found.as_deref(), new, "{held:?} -> {wanted:?}");
        }
    }
}
