//! What one field of a row says. Each mistake names its field.

use std::{fmt, sync::Arc};

use realms_types::{
    ChannelKind, ChannelOptions, DialectId, ErrorRule, OpenHours, OptionMistake, Price, PriceTerms,
    Proxy, ProxyError, Secret, UnitPrice,
};
use url::Url;

use crate::{BindingRow, ErrorRuleRow, ModelRow};

pub(super) fn dialects(list: &str, kind: ChannelKind) -> Result<Vec<DialectId>, String> {
    let named: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if named.is_empty() {
        return Ok(kind.default_dialects().to_vec());
    }
    named.into_iter().map(|name| name.parse().map_err(|e| format!("dialects: {e}"))).collect()
}

/// The options with their hours; nothing where nothing is said, so that such a channel costs nothing.
pub(super) type Options = (Option<Arc<ChannelOptions>>, Option<OpenHours>);

pub(super) fn options(text: &str) -> Result<Options, String> {
    let told = |mistake: &OptionMistake| format!("options: {mistake}");
    let options = ChannelOptions::parse(text).map_err(|mistake| told(&mistake))?;
    if let Some(mistake) = options.check().first() {
        return Err(told(mistake));
    }
    let hours = options.hours.as_ref().and_then(|hours| hours.compile().ok());
    Ok(((!options.is_empty()).then(|| Arc::new(options)), hours))
}

pub(super) fn error_rule(row: &ErrorRuleRow) -> Result<ErrorRule, String> {
    #[derive(serde::Deserialize)]
    struct Content {
        #[serde(rename = "match")]
        when: realms_types::ErrorMatch,
        #[serde(rename = "then")]
        act: realms_types::ErrorAct,
    }
    let Content { when, act } =
        serde_json::from_str(&row.content).map_err(|error| error.to_string())?;
    let rule = ErrorRule { name: row.name.clone(), enabled: true, when, act };
    rule.check().first().map_or(Ok(rule.clone()), |mistake| Err(mistake.to_string()))
}

/// A proxy that cannot be read is a defect of its row, never a call without it.
pub(super) fn proxy(
    row: Option<&Result<Secret<String>, String>>,
) -> Result<Option<Arc<Proxy>>, String> {
    let of = |what: &dyn fmt::Display| format!("proxy: {what}");
    let Some(text) = row else { return Ok(None) };
    let text = text.as_ref().map_err(|message| of(message))?;
    let proxy = text.reveal().parse().map_err(|error: ProxyError| of(&error))?;
    Ok(Some(Arc::new(proxy)))
}

/// A base URL that asks for a dated version of the API, as its query.
pub fn with_api_version(mut base: Url, api_version: Option<&str>) -> Url {
    if let Some(version) = api_version {
        base.query_pairs_mut().append_pair("api-version", version);
    }
    base
}

pub(super) fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("base_url: {error}"))?;
    let refused = match url.scheme() {
        "http" | "https" if !url.has_host() => "it names no host",
        "http" | "https" if !url.username().is_empty() || url.password().is_some() => {
            "a user or a password does not belong in it; use a credential"
        }
        "http" | "https" if url.query().is_some() || url.fragment().is_some() => {
            "a query or a fragment does not belong in it"
        }
        "http" | "https" => return Ok(url),
        _ => "it does not start with http:// or https://",
    };
    Err(format!("base_url: {refused}"))
}

pub(super) fn price(row: &ModelRow) -> Result<Option<Price>, String> {
    let unit = |name: &str, nano: i64| {
        UnitPrice::from_nano(nano).ok_or_else(|| format!("its {name} price is negative"))
    };
    let optional = |name: &str, nano: Option<i64>| nano.map(|nano| unit(name, nano)).transpose();
    let (input, output) = match (row.input_price, row.output_price) {
        (None, None) => return Ok(None),
        (input, output) => (input.unwrap_or(0), output.unwrap_or(0)),
    };
    Ok(Some(Price {
        input: unit("input", input)?,
        output: unit("output", output)?,
        cache_read: optional("cache read", row.cache_read_price)?,
        cache_write_5m: optional("5 minute cache write", row.cache_write_5m_price)?,
        cache_write_1h: optional("1 hour cache write", row.cache_write_1h_price)?,
        terms: row.price_terms.as_deref().map(terms).transpose()?,
    }))
}

/// What the vendor is paid for a model, where that has a price of its own.
pub(super) fn cost(row: &BindingRow) -> Result<Option<Arc<Price>>, String> {
    let Some(text) = row.cost.as_deref() else { return Ok(None) };
    let price: Price = serde_json::from_str(text).map_err(|error| format!("its cost: {error}"))?;
    if let Some(terms) = &price.terms {
        terms.check().map_err(|mistake| format!("its cost: {mistake}"))?;
    }
    Ok(Some(Arc::new(price)))
}

fn terms(text: &str) -> Result<Box<PriceTerms>, String> {
    let terms: PriceTerms =
        serde_json::from_str(text).map_err(|error| format!("its price_terms: {error}"))?;
    terms.check().map_err(|mistake| format!("its price_terms: {mistake}"))?;
    Ok(Box::new(terms))
}
