//! Stories of buying, on SQLite, PostgreSQL and MariaDB with the real ledger: what is told often, late, in
//! the wrong order, by strangers or into a crash is given once or never.
//!
//! Databases come from the same place as those of the store suite.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on fails its test")]

mod books;
mod channels;
mod codes;
mod crashes;
#[path = "../../../realms-store/tests/store/database.rs"]
mod database;
mod invitations;
mod lies;
mod notices;
mod operators;
mod plans;
mod world;

database::on_every_database! {
    books::that_do_not_fit_an_order_are_told,
    channels::work_or_are_not_made,
    channels::forget_orders_that_nobody_pays,
    codes::shared_by_many_give_as_often_as_they_may,
    codes::tell_why_they_give_nothing,
    codes::are_made_together_and_sealed,
    codes::of_a_plan_ask_when_it_begins,
    crashes::between_receive_and_commit_give_nothing_and_answer_nothing,
    crashes::at_any_moment_lose_nothing_that_was_answered,
    invitations::on_two_nodes_are_rewarded_once,
    invitations::that_were_begun_are_ended_by_who_comes_next,
    invitations::have_a_code_that_can_be_another,
    lies::thousands_of_them_credit_nothing,
    lies::signed_by_nobody_or_long_ago_are_refused,
    lies::signed_and_wrong_are_looked_at,
    lies::by_another_channel_or_about_a_payment_of_another_order_credit_nothing,
    lies::a_channel_without_a_secret_sells_and_believes_nothing,
    lies::play_money_is_for_operators,
    lies::epay_is_asked_before_it_is_believed,
    lies::secrets_are_sealed_in_the_file,
    notices::fifty_at_once_credit_once,
    notices::in_any_order_credit_once,
    notices::of_a_refund_before_the_payment_credit_nothing,
    notices::of_a_dispute_count_before_and_after_the_payment,
    notices::three_days_late_are_taken,
    notices::that_race_with_a_cancel_are_given_or_looked_at,
    operators::approve_what_was_paid_after_a_cancel_once,
    operators::approve_without_a_payment_and_are_told_when_one_comes,
    operators::reject_and_then_nothing_is_given_by_itself,
    operators::refund_what_is_left_and_what_is_there,
    operators::refund_at_once_never_more_than_was_given,
    plans::are_bought_under_the_terms_of_their_order,
    plans::run_side_by_side_or_one_after_another_and_end_when_refunded,
    plans::are_for_their_groups_and_paid_on_a_page,
    plans::are_given_one_after_another_however_many_give_at_once,
    notices::on_two_nodes_credit_once,
}
