//! The schema: one history of portable SQL files for all three databases.
//!
//! A file of `migrations/` holds statements, each ended by a `;` at the end of a line. Every
//! statement is a step of its own, because MySQL cannot take back half a file: step 3 of
//! `0002_catalog.sql` has the number 2003. sqlx's `Migrator` runs the steps under a lock, keeps
//! their checksums, and refuses a history that differs. A file that was shipped never changes.
//!
//! Where the databases differ, the text has a word in double braces:
//!
//! | word | SQLite | PostgreSQL | MySQL |
//! |---|---|---|---|
//! | `{{id}}` | `INTEGER PRIMARY KEY`, the rowid | `BIGINT PRIMARY KEY` | `BIGINT PRIMARY KEY` |
//! | `{{table}}` | | | InnoDB, `utf8mb4_bin`: case decides |
//! | `{{clustered}}` | `WITHOUT ROWID` | | the same as `{{table}}` |
//! | `{{long}}` | `TEXT` | `TEXT` | `MEDIUMTEXT`: its `TEXT` ends at 65,535 bytes |
//! | `{{on t}}` of a `DROP INDEX` | | | `ON t` |
//! | `{{refuse UPDATE t}}`, `DELETE` | a trigger | a function and a trigger | a trigger, where the user may make one |

use sqlx::{
    AssertSqlSafe, MySqlConnection, PgConnection, SqlSafeStr, SqliteConnection,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use crate::{DbKind, StoreError};

const FILES: &[(i64, &str, &str)] = &[
    (1, "identity", include_str!("../migrations/0001_identity.sql")),
    (2, "catalog", include_str!("../migrations/0002_catalog.sql")),
    (3, "fleet", include_str!("../migrations/0003_fleet.sql")),
    (4, "usage", include_str!("../migrations/0004_usage.sql")),
    (5, "sessions", include_str!("../migrations/0005_sessions.sql")),
    (6, "accounts", include_str!("../migrations/0006_accounts.sql")),
    (7, "traces", include_str!("../migrations/0007_traces.sql")),
    (8, "usage_hours", include_str!("../migrations/0008_usage_hours.sql")),
    (9, "price_source", include_str!("../migrations/0009_price_source.sql")),
    (10, "batches", include_str!("../migrations/0010_batches.sql")),
    (11, "limits", include_str!("../migrations/0011_limits.sql")),
    (12, "proxies", include_str!("../migrations/0012_proxies.sql")),
    (13, "channel_options", include_str!("../migrations/0013_channel_options.sql")),
    (14, "oauth_accounts", include_str!("../migrations/0014_oauth_accounts.sql")),
    (15, "channel_tests", include_str!("../migrations/0015_channel_tests.sql")),
    (16, "ledger", include_str!("../migrations/0016_ledger.sql")),
    (17, "billing", include_str!("../migrations/0017_billing.sql")),
    (18, "prices", include_str!("../migrations/0018_prices.sql")),
    (19, "commerce", include_str!("../migrations/0019_commerce.sql")),
    (20, "budgets", include_str!("../migrations/0020_budgets.sql")),
    (21, "plans", include_str!("../migrations/0021_plans.sql")),
    (22, "tickets", include_str!("../migrations/0022_tickets.sql")),
    (23, "announcements", include_str!("../migrations/0023_announcements.sql")),
    (24, "oauth_apps", include_str!("../migrations/0024_oauth_apps.sql")),
    (25, "notifications", include_str!("../migrations/0025_notifications.sql")),
    (26, "invitations", include_str!("../migrations/0026_invitations.sql")),
    (27, "ranking", include_str!("../migrations/0027_ranking.sql")),
    (28, "idempotent_calls", include_str!("../migrations/0028_idempotent_calls.sql")),
    (29, "key_multiplier", include_str!("../migrations/0029_key_multiplier.sql")),
    (30, "quarantine", include_str!("../migrations/0030_quarantine.sql")),
    (31, "upstream_cost", include_str!("../migrations/0031_upstream_cost.sql")),
    (32, "price_syncs", include_str!("../migrations/0032_price_syncs_and_images.sql")),
    (33, "kept_responses", include_str!("../migrations/0033_kept_responses.sql")),
    (34, "price_pins", include_str!("../migrations/0034_price_pins.sql")),
];

/// The room for statements in one file.
const STEPS_PER_FILE: i64 = 1_000;

/// Table, column, key name, row or trigger exists, or the key to drop does not: the statement of an
/// interrupted step was carried out.
const MYSQL_DONE_ALREADY: [u16; 6] = [1050, 1060, 1061, 1062, 1091, 1359];

/// The user may not make triggers: MySQL asks for a wide privilege where it keeps a binary log.
const MYSQL_NO_TRIGGERS: [u16; 2] = [1142, 1419];

pub(crate) async fn sqlite(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let migrator = Migrator::with_migrations(steps(DbKind::Sqlite));
    migrator.run(connection).await.map_err(|error| explain(&migrator, error))
}

pub(crate) async fn postgres(connection: &mut PgConnection) -> Result<(), StoreError> {
    let migrator = Migrator::with_migrations(steps(DbKind::Postgres));
    migrator.run(connection).await.map_err(|error| explain(&migrator, error))
}

/// One node at a time in a database. sqlx asks for its own lock with a negative timeout, which MySQL
/// takes for ever and MariaDB for a mistake, answered with `NULL` and no lock.
const MYSQL_LOCK: &str = "SELECT GET_LOCK(CONCAT('realms:', SHA1(DATABASE())), 590)";

/// MySQL commits at every DDL statement, so a crash can leave a step marked as unfinished whose
/// statement was carried out or not. Such a step is run again. The lock ends with the connection.
pub(crate) async fn mysql(connection: &mut MySqlConnection) -> Result<(), StoreError> {
    let mut migrator = Migrator::with_migrations(steps(DbKind::Mysql));
    migrator.set_locking(false);
    lock_mysql(connection).await?;
    loop {
        match migrator.run(&mut *connection).await {
            Ok(()) => return Ok(()),
            Err(MigrateError::Dirty(step)) => finish(connection, &migrator, step).await?,
            // The step is marked as unfinished now, and finished without its trigger.
            Err(MigrateError::ExecuteMigration(cause, step))
                if is_trigger(&migrator, step) && has_number(&cause, &MYSQL_NO_TRIGGERS) => {}
            Err(error) => return Err(explain(&migrator, error)),
        }
    }
}

async fn lock_mysql(connection: &mut MySqlConnection) -> Result<(), StoreError> {
    let locked: Option<i64> = sqlx::query_scalar(MYSQL_LOCK)
        .fetch_one(connection)
        .await
        .map_err(|error| StoreError::from_sqlx(&error))?;
    match locked {
        Some(1) => Ok(()),
        _ => Err(StoreError::Unavailable(
            "another node is still bringing the schema up to date".to_owned(),
        )),
    }
}

async fn finish(
    connection: &mut MySqlConnection,
    migrator: &Migrator,
    step: i64,
) -> Result<(), StoreError> {
    let failed = |error| StoreError::from_sqlx(&error);
    let Some(migration) = migrator.iter().find(|migration| migration.version == step) else {
        return Err(explain(migrator, MigrateError::VersionMissing(step)));
    };
    tracing::warn!(step, "running an interrupted step of the schema again");
    if let Err(error) = sqlx::raw_sql(migration.sql.clone()).execute(&mut *connection).await {
        if is_trigger(migrator, step) && has_number(&error, &MYSQL_NO_TRIGGERS) {
            tracing::warn!(
                step,
                %error,
                "this database user may not make triggers, so only Realms and its daily anchors keep \
                 the ledger append-only: grant TRIGGER, or set log_bin_trust_function_creators"
            );
        } else if !has_number(&error, &MYSQL_DONE_ALREADY) {
            return Err(failed(error));
        }
    }
    sqlx::query("UPDATE _sqlx_migrations SET success = TRUE WHERE version = ?")
        .bind(step)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

fn is_trigger(migrator: &Migrator, step: i64) -> bool {
    let mut steps = migrator.iter();
    steps.any(|one| one.version == step && one.sql.as_str().starts_with("CREATE TRIGGER "))
}

fn has_number(error: &sqlx::Error, numbers: &[u16]) -> bool {
    let refusal = error.as_database_error();
    let refusal =
        refusal.and_then(|refusal| refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>());
    refusal.is_some_and(|refusal| numbers.contains(&refusal.number()))
}

/// The steps of the schema in the words of one database.
fn steps(kind: DbKind) -> Vec<Migration> {
    let mut steps = Vec::new();
    for (file, name, text) in FILES {
        for (index, statement) in (1..).zip(statements(text)) {
            steps.push(Migration::new(
                file * STEPS_PER_FILE + index,
                (*name).into(),
                MigrationType::Simple,
                AssertSqlSafe(spell(statement, kind)).into_sql_str(),
                false,
            ));
        }
    }
    steps
}

/// The statements of a file, without their comments.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    let comment = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with("--");
    text.split(";\n").filter_map(move |piece| {
        let start: usize = piece.split_inclusive('\n').take_while(comment).map(str::len).sum();
        let statement = piece[start..].trim_end();
        (!statement.is_empty()).then_some(statement)
    })
}

const INNODB: &str = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

fn spell(statement: &str, kind: DbKind) -> String {
    let refused = statement.strip_prefix("{{refuse ").and_then(|rest| rest.strip_suffix("}}"));
    if let Some((verb, table)) = refused.and_then(|rest| rest.split_once(' ')) {
        return refuse(verb, table, kind);
    }
    let (id, table, clustered, long) = match kind {
        DbKind::Sqlite => ("INTEGER PRIMARY KEY", "", " WITHOUT ROWID", "TEXT"),
        DbKind::Postgres => ("BIGINT PRIMARY KEY", "", "", "TEXT"),
        DbKind::Mysql => ("BIGINT PRIMARY KEY", INNODB, INNODB, "MEDIUMTEXT"),
    };
    let words =
        [("{{id}}", id), ("{{table}}", table), ("{{clustered}}", clustered), ("{{long}}", long)];
    let text = words.iter().fold(statement.to_owned(), |text, (word, own)| text.replace(word, own));
    let parts =
        text.split_once(" {{on ").and_then(|(index, rest)| Some((index, rest.strip_suffix("}}")?)));
    match (parts, kind) {
        (Some((index, of)), DbKind::Mysql) => format!("{index} ON {of}"),
        (Some((index, _)), _) => index.to_owned(),
        (None, _) => text,
    }
}

/// A trigger that refuses to change a table that only grows.
fn refuse(verb: &str, table: &str, kind: DbKind) -> String {
    let name = format!("{table}_refuse_{}", verb.to_lowercase());
    let said = format!("{table} is append-only");
    match kind {
        DbKind::Sqlite => format!(
            "CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        ),
        DbKind::Mysql => format!(
            "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW \
             SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{said}'"
        ),
        DbKind::Postgres => {
            // TRUNCATE is a way to delete that has a trigger of its own.
            let verbs = if verb == "DELETE" { "DELETE OR TRUNCATE" } else { verb };
            format!(
                "CREATE OR REPLACE FUNCTION realms_append_only() RETURNS trigger LANGUAGE plpgsql \
                 AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$; \
                 CREATE TRIGGER {name} BEFORE {verbs} ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION realms_append_only()"
            )
        }
    }
}

fn explain(migrator: &Migrator, error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(found) => {
            let known = migrator.iter().map(|step| step.version).max().unwrap_or_default();
            StoreError::SchemaTooNew { found, known }
        }
        MigrateError::VersionMismatch(step) => StoreError::Invalid(format!(
            "step {step} of the schema was made by another build of this version: use the program \
             that made the database, or restore a backup"
        )),
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => {
            StoreError::from_sqlx(&cause)
        }
        other => StoreError::Refused(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_is_a_step_and_no_word_is_left() {
        for kind in [DbKind::Sqlite, DbKind::Postgres, DbKind::Mysql] {
            for step in steps(kind) {
                let sql = step.sql.as_str();
                let one = !sql.contains(';') || sql.contains("TRIGGER ");
                assert!(one && !sql.contains("{{"), "{}: {sql}", step.version);
                let known = ["CREATE ", "INSERT ", "ALTER ", "UPDATE ", "DROP "];
                let begins = known.iter().any(|verb| sql.starts_with(verb));
                assert!(begins, "{}: {sql}", step.version);
            }
        }
    }

    #[test]
    fn comments_belong_to_no_statement() {
        let text =
            "-- why\n\nCREATE TABLE a (\n    -- inner\n    id INTEGER\n);\n\n-- last\nSELECT 1;\n";
        let found: Vec<_> = statements(text).collect();
        assert_eq!(found, ["CREATE TABLE a (\n    -- inner\n    id INTEGER\n)", "SELECT 1"]);
    }
}
