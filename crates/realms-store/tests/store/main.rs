//! The store suite: the same stories on SQLite, PostgreSQL and MariaDB.
//!
//! `REALMS_TEST_POSTGRES_URL` and `REALMS_TEST_MYSQL_URL` lead to servers on which databases may be
//! made and dropped. Without them the suite starts private servers and ends them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on fails its test")]

mod accounts;
mod affinities;
mod announcements;
mod batches;
mod catalog;
mod channel_tests;
mod commerce;
mod concurrency;
mod database;
mod error_rules;
mod fixture;
mod fleet;
mod idempotent_calls;
mod identity;
mod invitations;
mod kept_responses;
mod notifications;
mod oauth;
mod oauth_apps;
mod objects;
mod outage;
mod price_syncs;
mod pulse;
mod reviews;
mod schema;
mod secrets;
mod sessions;
mod sqlite;
mod tickets;
mod usage;
mod usage_sums;

database::on_every_database! {
    schema::is_made_from_nothing_and_kept,
    schema::is_made_once_by_two_nodes_that_start_together,
    schema::that_is_newer_is_refused,
    schema::that_was_altered_is_refused,
    schema::of_an_absent_database_is_not_made_unasked,
    secrets::open_with_their_master_key_only,
    secrets::are_made_once_by_two_nodes_that_start_together,
    identity::caller_is_found_by_key_with_everything_a_refusal_needs,
    identity::users_and_keys_round_trip,
    identity::names_and_hashes_differ_by_case,
    identity::what_is_taken_is_a_conflict,
    identity::setup_code_makes_one_root_only,
    identity::keys_have_limits_and_rules,
    identity::keys_have_multipliers,
    affinities::are_read_as_they_were_written_last,
    idempotent_calls::have_one_owner_each,
    idempotent_calls::that_come_at_once_have_one_owner,
    idempotent_calls::are_forgotten_when_they_expire_or_are_many,
    kept_responses::are_found_by_their_owner_until_they_are_old,
    kept_responses::of_one_id_are_the_newest,
    kept_responses::of_one_key_are_so_many,
    kept_responses::go_with_their_user_and_their_key,
    sessions::are_found_with_their_user,
    sessions::end_when_their_user_becomes_another,
    sessions::end_all_but_the_one_to_keep,
    sessions::admin_keys_are_no_more_than_who_made_them,
    sessions::audit_entries_are_there_with_what_they_tell,
    batches::are_found_by_their_owner_and_done_once,
    batches::hold_long_texts_and_are_forgotten,
    accounts::tries_at_once_never_exceed_their_bucket,
    accounts::tries_that_were_none_are_given_back,
    accounts::codes_are_tried_a_few_times_and_used_once,
    accounts::tries_at_a_code_at_once_are_all_counted,
    accounts::challenges_come_back_once,
    accounts::second_factors_count_once,
    accounts::passkeys_and_identities_belong_to_one_user,
    accounts::what_people_set_and_showed_is_kept_once,
    catalog::round_trips_with_its_secrets,
    catalog::changes_by_patch,
    catalog::pins_the_prices_that_were_given_by_hand,
    catalog::knows_what_channels_pay,
    catalog::loses_a_channel_with_all_its_parts,
    catalog::keeps_groups_that_are_in_use,
    catalog::bumps_its_version_once_in_a_transaction,
    error_rules::are_kept_in_their_order,
    error_rules::options_of_a_channel_round_trip,
    usage::is_written_once_with_its_attempts,
    usage::is_written_with_its_trace,
    usage::bears_whatever_clients_send,
    usage::is_found_by_every_filter_and_page,
    usage::is_found_by_each_term,
    usage::is_sorted_page_by_page,
    usage::sums_are_whole_numbers,
    usage::notes_the_last_call_of_a_key,
    usage_sums::are_the_sums_of_the_records,
    usage_sums::know_of_late_records,
    usage_sums::know_of_calls_older_than_costs,
    usage_sums::stay_right_while_records_come_in,
    usage_sums::have_percentiles,
    reviews::wait_until_somebody_decides,
    reviews::of_calls_that_were_not_released_charge_nothing,
    pulse::tells_of_channels_and_models_by_the_hour,
    pulse::finds_the_first_call_that_went_well,
    oauth::accounts_sign_calls_until_somebody_must_log_in_again,
    oauth::a_secret_by_hand_takes_the_place_of_an_account,
    oauth::one_of_many_claims_a_refresh,
    oauth::an_answer_that_never_came_is_remembered,
    oauth::late_tokens_are_kept_and_stale_refusals_are_not,
    oauth::a_refresh_is_put_off_and_hastened,
    oauth::log_ins_are_bounded_and_used_once,
    oauth::quotas_are_written_once_a_minute,
    channel_tests::are_listed_newest_first_page_by_page,
    channel_tests::are_forgotten_when_old_or_many,
    channel_tests::are_made_by_one_node_when_due,
    price_syncs::are_made_by_one_node_at_a_time,
    price_syncs::leave_prices_that_somebody_decides_about_once,
    commerce::channels_and_plans_round_trip,
    commerce::orders_change_only_as_they_were_read,
    commerce::a_payment_belongs_to_one_order,
    commerce::notices_are_kept_once,
    commerce::codes_are_used_as_often_as_they_may,
    commerce::time_is_given_and_ends_with_its_order,
    commerce::time_that_is_open_is_changed_and_every_node_hears_of_it,
    tickets::are_kept_as_they_are_and_listed_by_when_they_moved,
    tickets::have_messages_and_files_that_belong_to_one_of_them,
    tickets::have_files_that_are_counted_in_turn,
    tickets::have_answers_that_are_given_often,
    announcements::are_kept_as_they_are_and_shown_between_two_times,
    announcements::are_read_once_by_each,
    notifications::go_where_rules_say_and_once,
    notifications::are_taken_by_one_and_tried_again,
    notifications::that_cannot_be_read_are_in_nobodys_way,
    notifications::are_told_again_only_after_it_was_better,
    notifications::levels_are_read_from_the_tables_of_others,
    invitations::have_one_code_for_each_user,
    invitations::are_due_once_what_was_asked_for_is_done,
    invitations::are_their_inviters_and_go_with_who_came,
    oauth_apps::are_kept_with_what_users_let_them_do,
    oauth_apps::use_a_code_and_a_refresh_token_once,
    oauth_apps::keep_a_code_as_long_as_what_came_of_it,
    oauth_apps::lose_every_token_with_the_grant,
    objects::belong_to_their_owner,
    fleet::knows_its_nodes,
    concurrency::writers_and_readers_never_fail,
    concurrency::dropped_transactions_change_nothing,
}
