//! Log-ins and pasted tokens on their way to a credential.

use realms_relay::{AccountError, Pasted};
use realms_store::AccountState;
use realms_types::Secret;

use crate::fleet::{Fleet, entry};

fn pasted(refresh: &str) -> Pasted {
    let refresh = Secret::from(refresh);
    Pasted { refresh, access: None, id_token: None, account_id: None }
}

#[tokio::test]
async fn a_log_in_ends_once_and_by_whoever_began_it() {
    let fleet = Fleet::start().await;
    let node = fleet.node().await;
    let url = node.begin_log_in((fleet.channel, ""), "ana", &entry()).await.unwrap();
    let callback = fleet.provider.log_in(url.as_str(), "acc");
    let stranger = node.finish_log_in(&callback, "bob", entry()).await.unwrap_err();
    assert!(matches!(stranger, AccountError::NotYours), "{stranger}");
    let arrived = node.finish_log_in(&callback, "ana", entry()).await.unwrap();
    assert_eq!(arrived.credential, "acc@example.org");
    let again = node.finish_log_in(&callback, "ana", entry()).await.unwrap_err();
    assert!(matches!(again, AccountError::UnknownLogIn), "{again}");
    let account = fleet.now_of(arrived.credential_id).await;
    assert_eq!((account.grant.account_id.as_str(), account.generation), ("acc", 1));
    assert_eq!(account.grant.plan.as_deref(), Some("plus"));

    let wrong = "http://localhost:1455/auth/callback?code=c&state=oauth_00";
    let wrong = node.finish_log_in(wrong, "ana", entry()).await.unwrap_err();
    assert!(wrong.to_string().contains("start again"), "{wrong}");
    let denied = "http://localhost:1455/auth/callback?error=access_denied&state=x";
    let denied = node.finish_log_in(denied, "ana", entry()).await.unwrap_err();
    assert!(denied.to_string().contains("access_denied"), "{denied}");
}

#[tokio::test]
async fn logging_in_again_revives_the_same_credential_and_no_other() {
    let fleet = Fleet::start().await;
    let node = fleet.node().await;
    let id = fleet.account("acc").await;
    fleet.provider.revoke("acc");
    node.refresh_now(id).await.unwrap();
    assert_ne!(fleet.now_of(id).await.state, AccountState::Active);

    let log_in = async |name: &str, account: &str| {
        let url = node.begin_log_in((fleet.channel, name), "ana", &entry()).await.unwrap();
        let callback = fleet.provider.log_in(url.as_str(), account);
        node.finish_log_in(&callback, "ana", entry()).await
    };
    let other = log_in("acc@example.org", "other").await.unwrap_err();
    assert!(matches!(other, AccountError::OtherAccount { .. }), "{other}");
    let twice = log_in("second", "acc").await.unwrap_err();
    assert!(matches!(twice, AccountError::Present { .. }), "{twice}");
    assert_eq!(log_in("acc@example.org", "acc").await.unwrap().credential_id, id);
    let account = fleet.now_of(id).await;
    assert_eq!((account.state, account.generation), (AccountState::Active, 2));
    assert_eq!(log_in("second", "other").await.unwrap().credential, "second");
    assert_eq!(fleet.store.read().list_oauth_accounts().await.unwrap().len(), 2);
}

#[tokio::test]
async fn pasted_tokens_are_kept_once_they_have_shown_that_they_work() {
    let fleet = Fleet::start().await;
    let node = fleet.node().await;
    let at = (fleet.channel, "k");
    let dead = node.import(at, pasted("rt-unknown"), entry()).await.unwrap_err();
    assert!(matches!(dead, AccountError::Pasted(_)), "{dead}");
    assert!(!dead.to_string().contains("rt-unknown"), "{dead}");
    assert_eq!(fleet.store.read().list_credentials(None).await.unwrap(), []);
    let given = fleet.provider.give("acc");
    let refresh = given["refresh_token"].as_str().unwrap();
    let arrived = node.import(at, pasted(refresh), entry()).await.unwrap();
    let kept = fleet.refresh_token(arrived.credential_id).await;
    assert_ne!(kept, refresh, "proving it used it up");
    assert_eq!(fleet.provider.current("acc"), Some(kept));
}
