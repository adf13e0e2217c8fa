//! Money that need not have been spent: calls that failed but cost something, and the like.

use futures_util::future::try_join3;
use realms_store::{FlagField, NumberField, UsageFilter, UsageTerm};
use realms_types::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::failures;
use crate::{ConsoleError, http::Console};

/// Calls of the range that a person may want to look at before the next bill. A call can be in more than one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Waste {
    /// Calls that failed but cost something: `outcome:refused,rejected,failed,broken cost>0`.
    failed: WasteSums,
    /// Calls that needed more than one attempt: `attempts>1`.
    retried: WasteSums,
    /// Calls answered by another model than the upstream was asked for: `mismatch:true`.
    mismatched: WasteSums,
}

/// What such calls add up to.
#[derive(Debug, Serialize, ToSchema)]
struct WasteSums {
    /// How many there were.
    calls: u64,
    /// What they cost, where a price is known.
    #[schema(value_type = String)]
    cost_usd: Money,
}

// === impl Console ===

impl Console {
    pub(super) async fn waste(&self, range: &UsageFilter) -> Result<Waste, ConsoleError> {
        let sum = async |terms: Vec<UsageTerm>| {
            let filter = UsageFilter { terms, ..range.clone() };
            let sums = self.0.editor.store.sum_usage(&filter).await?;
            Ok::<_, ConsoleError>(WasteSums { calls: sums.calls, cost_usd: sums.cost })
        };
        let (failed, retried, mismatched) = try_join3(
            sum(vec![failures(), UsageTerm::Above(NumberField::Cost, 0)]),
            sum(vec![UsageTerm::Above(NumberField::Attempts, 1)]),
            sum(vec![UsageTerm::Flag(FlagField::Mismatch, true)]),
        )
        .await?;
        Ok(Waste { failed, retried, mismatched })
    }
}
