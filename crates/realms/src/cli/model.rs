//! `model`: what clients name, with its price.

use anyhow::Result;
use clap::{Args, Subcommand};
use realms_console::{
    Edit, Kind,
    manifest::{Manifest, Model, Slot},
};
use realms_types::UnitPrice;

use super::{
    desk::{Desk, must_exist, yes_no},
    output::Output,
};

#[derive(Debug, Subcommand)]
pub(super) enum ModelCommand {
    /// List every model with its price in USD for a million LLM tokens
    List,
    /// Set the price of a model, in USD for a million LLM tokens
    SetPrice(PriceArgs),
    /// Let a model be called again
    Enable {
        /// Its name
        name: String,
    },
    /// Keep a model from being called
    Disable {
        /// Its name
        name: String,
    },
    /// Delete a model that no channel serves
    Delete {
        /// Its name
        name: String,
    },
}

/// A price; what is left out keeps its value.
#[derive(Debug, Args)]
pub(super) struct PriceArgs {
    /// The model's name
    name: String,
    /// Fresh input, such as 1.25
    #[arg(long, value_name = "USD")]
    input: Option<UnitPrice>,
    /// Output
    #[arg(long, value_name = "USD")]
    output: Option<UnitPrice>,
    /// Input read from a cache
    #[arg(long, value_name = "USD")]
    cache_read: Option<UnitPrice>,
    /// Input written to a cache for 5 minutes
    #[arg(long = "cache-write-5m", value_name = "USD")]
    cache_write_5m: Option<UnitPrice>,
    /// Input written to a cache for an hour
    #[arg(long = "cache-write-1h", value_name = "USD")]
    cache_write_1h: Option<UnitPrice>,
}

// === impl ModelCommand ===

impl ModelCommand {
    pub(super) async fn run(self, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
        match self {
            Self::List => list(desk, output).await,
            Self::SetPrice(price) => edit(price.into(), desk, output).await,
            Self::Enable { name } => {
                edit(Model { enabled: Some(true), ..Model::named(name) }, desk, output).await
            }
            Self::Disable { name } => {
                edit(Model { enabled: Some(false), ..Model::named(name) }, desk, output).await
            }
            Self::Delete { name } => {
                must_exist("model", &name, desk.state().await?.models.keys())?;
                desk.edit(Edit::delete(Kind::Model, name), output).await?;
                Ok(())
            }
        }
    }
}

// === impl PriceArgs ===

impl From<PriceArgs> for Model {
    fn from(price: PriceArgs) -> Self {
        Self {
            input_usd_per_1m: price.input.map(Slot::Full),
            output_usd_per_1m: price.output.map(Slot::Full),
            cache_read_usd_per_1m: price.cache_read.map(Slot::Full),
            cache_write_5m_usd_per_1m: price.cache_write_5m.map(Slot::Full),
            cache_write_1h_usd_per_1m: price.cache_write_1h.map(Slot::Full),
            ..Self::named(price.name)
        }
    }
}

async fn edit(model: Model, desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    must_exist("model", &model.name, desk.state().await?.models.keys())?;
    let manifest = Manifest { models: vec![model], ..Manifest::empty() };
    desk.edit(Edit::manifest(manifest), output).await?;
    Ok(())
}

async fn list(desk: &Desk<'_>, output: &mut Output) -> Result<()> {
    let state = desk.state().await?;
    let price = |price: Option<Slot<UnitPrice>>| {
        price.and_then(Slot::value).map(|price| price.to_string()).unwrap_or_default()
    };
    let rows: Vec<_> = state
        .models
        .values()
        .map(|held| {
            let model = &held.object;
            [
                model.name.clone(),
                model.owner.clone().unwrap_or_default(),
                price(model.input_usd_per_1m),
                price(model.output_usd_per_1m),
                price(model.cache_read_usd_per_1m),
                price(model.cache_write_5m_usd_per_1m),
                price(model.cache_write_1h_usd_per_1m),
                yes_no(model.enabled),
            ]
        })
        .collect();
    let heading =
        ["model", "owner", "input", "output", "cache read", "write 5m", "write 1h", "enabled"];
    output.table(heading, &rows);
    Ok(())
}
