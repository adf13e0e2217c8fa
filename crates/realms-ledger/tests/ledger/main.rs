//! The ledger's stories on SQLite, PostgreSQL and MariaDB, a machine that plays against a model, and
//! processes that are killed.
//!
//! Databases come from the same place as those of the store suite.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on fails its test")]

mod anchors;
mod calls;
mod crash;
#[expect(dead_code, reason = "the store suite uses all of it")]
#[path = "../../../realms-store/tests/store/database.rs"]
mod database;
mod model;
mod movements;
mod noted;
mod outage;
mod races;
mod recompute;
mod reviews;
mod trades;
mod windows;
mod world;

database::on_every_database! {
    calls::are_held_and_charged_once,
    calls::that_cost_more_than_was_held_leave_a_debt,
    calls::that_cost_nothing_move_nothing,
    calls::end_when_their_hold_is_dropped,
    calls::expire_unless_they_are_renewed,
    calls::are_charged_late_after_they_expired,
    calls::are_recorded_though_their_process_is_gone,
    calls::write_their_record_with_their_charge,
    noted::without_a_record_get_one,
    noted::of_a_process_that_lives_are_its_own,
    noted::that_end_without_a_word_are_recorded_at_once,
    noted::keep_the_record_that_waits_in_the_spool,
    noted::are_not_where_there_is_no_journal,
    windows::subscriptions_pay_before_the_balance,
    windows::limits_count_money_and_tokens,
    windows::roll_on,
    windows::of_a_node_whose_clock_is_behind_lose_nothing,
    windows::count_what_nobody_pays_for,
    movements::are_made_once,
    movements::by_hand_need_no_writer,
    movements::give_back_no_more_than_was_paid,
    movements::are_refused_when_they_make_no_sense,
    movements::cannot_be_changed,
    trades::give_once_whoever_asks,
    trades::whose_ground_is_gone_move_nothing,
    trades::of_time_pass_through_the_balance,
    trades::of_codes_give_as_often_as_the_code_may,
    anchors::name_the_day_that_was_changed,
    anchors::damage_is_found,
    races::admit_what_the_balance_pays,
    races::admit_what_a_window_bears,
    races::of_two_nodes_admit_what_the_balance_pays,
    races::settle_a_call_once,
    reviews::are_charged_once_and_given_back_as_any_call,
    reviews::are_refused_what_cannot_be_charged,
    reviews::of_two_nodes_are_decided_once,
    model::agrees_with_the_ledger,
    recompute::gives_every_cost_again,
    crash::loses_no_settlement_and_makes_none_twice,
}
