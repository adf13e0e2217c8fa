//! What users have, and what root gives them.

use std::process::Stdio;

use http::StatusCode;
use realms_testkit::{FakeUpstream, Gate, Reply};
use tokio::process::Command;

use super::paying;
use crate::{
    relaying::calls,
    support::{TestApp, usd},
};

/// Runs `realms ledger adjust` beside the server; what it said, and whether it did it.
async fn adjust(app: &TestApp, arguments: &[&str]) -> (String, bool) {
    let run = Command::new(env!("CARGO_BIN_EXE_realms"))
        .args(["ledger", "adjust", "--user", "ana"])
        .args(arguments)
        .env_clear()
        .env("REALMS_DATA_DIR", app.folder())
        .env("REALMS_SELF_MODE_ENABLE", "false")
        .current_dir(app.folder())
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(if run.status.success() { run.stdout } else { run.stderr });
    (said.unwrap(), run.status.success())
}

#[tokio::test]
async fn root_gives_money_with_a_reason_and_users_see_their_statement() {
    let (upstream, gate) = (FakeUpstream::start().await, Gate::new());
    let app = paying(&[&upstream], "0").await;
    app.apply(
        "version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n\
         [[user]]\nusername = \"helper\"\nrole = \"admin\"\n",
    )
    .await;
    let boss = app.sign_in("boss").await.client;
    let ana = app.sign_in("ana").await.client;
    let path = "/api/admin/users/ana/balance";
    let gift = r#"{"amount_usd":"5","reason":"welcome","key":"gift-1"}"#;
    let helper = app.sign_in("helper").await.client;
    for other in [&ana, &helper] {
        assert_eq!(other.post(path, gift).await.status, StatusCode::FORBIDDEN);
    }
    // Twice under one key is once.
    for _ in 0..2 {
        let given = boss.post(path, gift).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.text());
        assert_eq!(given.json()["available_usd"], "5");
    }
    for wrong in [
        r#"{"amount_usd":"0","reason":"nothing"}"#,
        r#"{"amount_usd":"1","reason":" "}"#,
        r#"{"amount_usd":"10000001","reason":"too much"}"#,
        r#"{"amount_usd":"1e3","reason":"no decimal"}"#,
    ] {
        assert!(boss.post(path, wrong).await.status.is_client_error(), "{wrong}");
    }
    let wordy = format!(r#"{{"amount_usd":"1","reason":"{}"}}"#, "慢".repeat(501));
    let refused = boss.post(path, wordy).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(refused.text().contains("at most 500 characters"), "{}", refused.text());
    let more = r#"{"amount_usd":"-6","reason":"more than there is"}"#;
    assert_eq!(boss.post(path, more).await.status, StatusCode::CONFLICT);
    let audit = boss.get("/api/admin/audit?filter=action:balance.adjust").await.json();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{audit}");
    assert_eq!(audit["items"][0]["actor"], "boss");
    assert_eq!(audit["items"][0]["object"], "ana");

    // One call is over, one runs.
    let (_, call, body) = calls("m", false)[2].clone();
    app.client().post(&call, body.clone()).await;
    app.wait_for_records(1).await;
    upstream.replies(Reply::good().stalls_before_headers(&gate));
    let (client, path) = (app.client(), call.clone());
    let running = tokio::spawn(async move { client.post(&path, body).await.status });
    gate.reached(1).await;
    let balance = ana.get("/api/balance").await.json();
    let holds = balance["holds"].as_array().unwrap();
    assert_eq!((holds.len(), holds[0]["model"].as_str()), (1, Some("m")), "{balance}");
    assert_eq!(balance["held_usd"], holds[0]["held_usd"]);
    gate.open();
    running.await.unwrap();
    app.wait_for_records(2).await;
    let page = ana.get("/api/balance/entries?limit=2").await.json();
    let amounts = |page: &serde_json::Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|one| one["amount_usd"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(amounts(&page), ["-0.00020675", "-0.00020675"]);
    let next = page["next"].as_str().unwrap();
    let rest = ana.get(&format!("/api/balance/entries?limit=2&cursor={next}")).await.json();
    assert_eq!((amounts(&rest), rest["next"].as_str()), (vec!["5".to_owned()], None));
    assert_eq!(rest["items"][0]["reason"], "welcome");
    assert!(rest["items"][0]["actor"].is_null(), "users are not told who works here");
    let whole = boss.get("/api/admin/users/ana/balance/entries").await.json();
    assert_eq!(whole["items"][2]["actor"], "boss");
    let table = ana.get("/api/balance/entries/export").await.text();
    assert_eq!(table.lines().count(), 4, "{table}");
    // Nobody sees another's.
    let other = app.sign_in("helper").await.client.get("/api/balance/entries").await.json();
    assert!(amounts(&other).is_empty());
    app.is_sound().await;
}

#[tokio::test]
async fn a_shell_gives_money_beside_the_server_as_the_console_does() {
    let upstream = FakeUpstream::start().await;
    let app = paying(&[&upstream], "0").await;
    app.apply("version = 1\n[[user]]\nusername = \"boss\"\nrole = \"root\"\n").await;
    let (_, call, body) = calls("m", false)[2].clone();
    let poor = app.client().post(&call, body.clone()).await;
    assert_eq!(poor.status, StatusCode::PAYMENT_REQUIRED, "{}", poor.text());

    let gift = ["--amount-usd", "5", "--reason", "welcome", "--key", "gift-1"];
    for _ in 0..2 {
        let (said, done) = adjust(&app, &gift).await;
        assert!(done, "{said}");
        assert_eq!(said, "ana has 5 USD available and 0 USD held\n");
    }
    // The server knows at once, and the same key is one key on either way.
    let rich = app.client().post(&call, body).await;
    assert_eq!(rich.status, StatusCode::OK, "{}", rich.text());
    app.wait_for_records(2).await;
    let boss = app.sign_in("boss").await.client;
    let again = r#"{"amount_usd":"5","reason":"welcome","key":"gift-1"}"#;
    let given = boss.post("/api/admin/users/ana/balance", again).await;
    assert_eq!(given.json()["available_usd"], "4.99979325", "{}", given.text());
    let (said, done) = adjust(&app, &["--amount-usd", "-5", "--reason", "too much"]).await;
    assert!(!done && said.contains("the balance has 4.99979325 USD available"), "{said}");
    assert_eq!(app.balance().await.0, usd("4.99979325"));

    let audit = boss.get("/api/admin/audit?filter=action:balance.adjust").await.json();
    let told = audit["items"].as_array().unwrap();
    assert_eq!(told.len(), 1, "{audit}");
    assert_eq!((&told[0]["actor_kind"], &told[0]["object"]), (&"cli".into(), &"ana".into()));
    let entries = boss.get("/api/admin/users/ana/balance/entries").await.json();
    assert_eq!(entries["items"][1]["reason"], "welcome", "{entries}");
    app.is_sound().await;
}
