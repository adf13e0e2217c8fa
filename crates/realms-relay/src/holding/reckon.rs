//! What a call may cost at most, by what it asks for. Pure.

use realms_ledger::{Ask, Bounds, Estimate};
use realms_types::{Ppm, Price};

use crate::{Operation, costs::lane, plan::Plan};

/// An answer whose length the call leaves open is reckoned with so much, in LLM tokens.
const USUAL_OUTPUT: u64 = 8_192;
/// No more output is reckoned with: clients ask for as much as they can get and use a tenth of it. What
/// is used beyond is charged all the same.
const MOST_OUTPUT: u64 = 32_768;
/// An answer that goes on with another is reckoned with so much of what was said before, in bytes: it
/// lies at the upstream.
const USUAL_HISTORY: u64 = 96 << 10;
/// No prompt is reckoned to be longer.
const MOST_INPUT: u64 = 2_000_000;
/// The most answers to one prompt.
const MOST_ANSWERS: u64 = 128;

/// The most a call may cost, whoever of its candidates answers. `None` beyond what an amount can hold.
pub(super) fn most_it_may_cost(
    price: &Price,
    text_length: u64,
    plan: &Plan,
    operation: &Operation,
) -> Option<Estimate> {
    let dearest = plan.candidates.iter().map(|one| one.multiplier).max().unwrap_or(Ppm::ONE);
    let dearest = plan.multiplier(dearest)?;
    let intent = &plan.intent;
    // A dearer lane that is asked for may be given; a cheaper one may not.
    let asked = lane(price, intent, intent.service_tier.as_deref());
    let factor = asked.map_or(Ppm::ONE, |(_, factor)| factor.max(Ppm::ONE));
    let dearest = dearest.times(factor)?;
    let answers = intent.candidate_count.unwrap_or(1).clamp(1, MOST_ANSWERS);
    let output = expected_output(operation, intent.max_output).saturating_mul(answers);
    let history = if intent.previous_response.is_some() { USUAL_HISTORY } else { 0 };
    let input_bytes = text_length.saturating_add(history);
    let ask = Ask { input_bytes, max_output: Some(output) };
    let most_output = MOST_OUTPUT * answers;
    Estimate::of(
        price,
        dearest,
        ask,
        Bounds { least_output: 0, most_output, most_input: MOST_INPUT },
    )
}

/// The output of one answer.
fn expected_output(operation: &Operation, asked: Option<u64>) -> u64 {
    if !operation.writes() {
        return 0;
    }
    asked.unwrap_or(USUAL_OUTPUT).min(MOST_OUTPUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_what_is_asked_for_within_reason() {
        let embed = Operation::PassThrough("/embeddings");
        let cases = [
            (&Operation::Message, None, USUAL_OUTPUT),
            (&Operation::Message, Some(300), 300),
            (&Operation::Chat, Some(u64::MAX), MOST_OUTPUT),
            (&embed, None, 0),
            (&embed, Some(300), 0),
        ];
        for (operation, asked, expected) in cases {
            assert_eq!(expected_output(operation, asked), expected, "{operation:?} {asked:?}");
        }
    }
}
