//! Who calls most, each shown as they choose.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use axum::{Json, extract::State};
use http::StatusCode;
use realms_store::{Dimension, UsageFilter, UsageGroup, UsageKey, UsageMeasure};
use realms_types::{RankingName, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Console,
    body::{Params, Strict},
    caller::Caller,
    problem::Problems,
};
use crate::{ConsoleError, words};

/// Who calls most.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ranking {
    /// Over how many days, up to now.
    days: u8,
    /// Those who used most LLM tokens, the first first; at most 50. Who does not want to be here is not counted.
    items: Vec<Ranked>,
    /// Where I am.
    mine: MyRank,
}

/// Somebody in the ranking.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ranked {
    /// Their place; those with as many LLM tokens share one.
    place: usize,
    /// Their log-in name; left out of those who do not show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// How many calls they made.
    calls: u64,
    /// How many LLM tokens those used.
    llm_tokens: u64,
    /// Whether this is me.
    mine: bool,
}

/// Where I am in the ranking.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MyRank {
    /// My place; left out where I called nothing or do not want to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<usize>,
    /// How many calls I made.
    calls: u64,
    /// How many LLM tokens those used.
    llm_tokens: u64,
    /// How others see me.
    #[schema(value_type = words::RankingShown)]
    shown: RankingName,
}

/// How others see me.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RankingChoice {
    /// How others see me.
    #[schema(value_type = words::RankingShown)]
    shown: RankingName,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct RankingQuery {
    /// Over how many days, up to now: 1, 7 or 30. Default: 7.
    days: Option<u8>,
}

/// What one user called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Score {
    user: UserId,
    calls: u64,
    llm_tokens: u64,
}

/// The latest sums by days: everybody asks for the same, and each would cost a sum over all calls.
pub(super) type Scores = Mutex<HashMap<u8, (Timestamp, Arc<Vec<Score>>)>>;

/// How old sums may be.
const FRESH: Duration = Duration::from_mins(1);
/// Rows that are shown.
const SHOWN: usize = 50;

/// The routes of the ranking.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(get_ranking)).routes(routes!(put_ranking_choice))
}

/// Shows who used most LLM tokens, each as they choose to be shown.
#[utoipa::path(
    get, path = "/api/ranking", tag = "ranking", params(RankingQuery),
    responses((status = 200, body = Ranking), Problems)
)]
async fn get_ranking(
    State(console): State<Console>,
    caller: Caller,
    Params(RankingQuery { days }): Params<RankingQuery>,
) -> Result<Json<Ranking>, ConsoleError> {
    let days = days.unwrap_or(7);
    if ![1, 7, 30].contains(&days) {
        let detail = format!("query: `days` is 1, 7 or 30, not {days}");
        return Err(ConsoleError::Malformed(detail));
    }
    console.ranking(days, caller.user()?.user_id).await.map(Json)
}

/// Sets how others see me in the ranking: without my name, by it, or not at all.
#[utoipa::path(
    put, path = "/api/me/ranking", tag = "ranking", request_body = RankingChoice,
    responses((status = 204, description = "It is so from now on"), Problems)
)]
async fn put_ranking_choice(
    State(console): State<Console>,
    caller: Caller,
    Strict(RankingChoice { shown }): Strict<RankingChoice>,
) -> Result<StatusCode, ConsoleError> {
    let mut tx = console.0.editor.store.begin().await?;
    tx.put_ranking_choice(caller.user()?.user_id, shown, console.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

// === impl Console ===

impl Console {
    async fn ranking(&self, days: u8, me: UserId) -> Result<Ranking, ConsoleError> {
        let scores = self.scores(days).await?;
        let read = self.0.editor.store.read();
        // Choices are read each time: who hides is gone at once.
        let choices = read.ranking_choices().await?;
        let shown = |user: UserId| choices.get(&user).copied().unwrap_or_default();
        let visible: Vec<Score> =
            scores.iter().filter(|one| shown(one.user) != RankingName::Hidden).copied().collect();
        let places = places(&visible);
        let first = || visible.iter().zip(&places).take(SHOWN);
        let willing =
            first().map(|(one, _)| one.user).filter(|user| shown(*user) == RankingName::Name);
        let willing: HashSet<UserId> = willing.collect();
        let names = read.usernames(willing).await?;
        let items = first().map(|(one, place)| Ranked {
            place: *place,
            name: names.get(&one.user).cloned(),
            calls: one.calls,
            llm_tokens: one.llm_tokens,
            mine: one.user == me,
        });
        let own = scores.iter().find(|one| one.user == me);
        let at = visible.iter().position(|one| one.user == me);
        let mine = MyRank {
            place: at.and_then(|at| places.get(at)).copied(),
            calls: own.map_or(0, |one| one.calls),
            llm_tokens: own.map_or(0, |one| one.llm_tokens),
            shown: shown(me),
        };
        Ok(Ranking { days, items: items.collect(), mine })
    }

    /// What users called, the most first. Those who are gone are left out.
    async fn scores(&self, days: u8) -> Result<Arc<Vec<Score>>, ConsoleError> {
        let now = self.now();
        // Whoever asks meanwhile waits for the same answer.
        let mut all = self.0.scores.lock().await;
        if let Some((at, kept)) = all.get(&days)
            && (now < *at || now.since(*at) < FRESH)
        {
            return Ok(Arc::clone(kept));
        }
        let since = now - Duration::from_hours(24 * u64::from(days));
        let filter = UsageFilter { since: Some(since), until: Some(now), ..UsageFilter::default() };
        let store = &self.0.editor.store;
        let measure = UsageMeasure::Tokens;
        let sums = store.sum_usage_by(&filter, Dimension::User, measure, usize::MAX).await?;
        let read = |(key, group): &(UsageKey, UsageGroup)| match key {
            UsageKey::Id(id) => Some(Score {
                user: UserId::new(*id),
                calls: group.sums.calls,
                llm_tokens: group.sums.usage.total(),
            }),
            _ => None,
        };
        let mut scores: Vec<Score> = sums.iter().filter_map(read).collect();
        let there = store.read().usernames(scores.iter().map(|one| one.user)).await?;
        scores.retain(|one| one.llm_tokens > 0 && there.contains_key(&one.user));
        scores.sort_by_key(|one| std::cmp::Reverse((one.llm_tokens, one.calls)));
        let scores = Arc::new(scores);
        all.insert(days, (now, Arc::clone(&scores)));
        Ok(scores)
    }
}

/// The places of scores that come with the most first: as many LLM tokens, the same place.
fn places(scores: &[Score]) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::with_capacity(scores.len());
    for (at, score) in scores.iter().enumerate() {
        let before =
            at.checked_sub(1).and_then(|before| scores.get(before).zip(places.get(before)));
        places.push(match before {
            Some((one, place)) if one.llm_tokens == score.llm_tokens => *place,
            _ => at + 1,
        });
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_tokens_share_a_place() {
        let score = |llm_tokens| Score { user: UserId::new(1), calls: 1, llm_tokens };
        let of = |tokens: &[u64]| places(&tokens.iter().map(|one| score(*one)).collect::<Vec<_>>());
        assert_eq!(of(&[]), [0; 0]);
        assert_eq!(of(&[9, 7, 7, 7, 1]), [1, 2, 2, 2, 5]);
    }
}
