//! OAuth apps: kept with what users let them do; codes and refresh tokens are good once; a grant takes its tokens along.

use std::time::Duration;

use realms_store::{
    AppSecret, CodeTaken, OauthAppRecord, OauthCodeRecord, OauthGrantPatch, OauthGrantRecord,
    OauthTokenKind, OauthTokenRecord, OldAppSecret, RefreshTaken, Store,
};
use realms_types::{AppScopes, OauthGrantId, UserId};

use crate::{
    database::Database,
    fixture::{self, NOW, ids},
};

const DAY: Duration = Duration::from_hours(24);

fn scopes(words: &str) -> AppScopes {
    words.parse().unwrap()
}

fn app(name: &str) -> OauthAppRecord {
    OauthAppRecord {
        id: ids().next(),
        name: name.to_owned(),
        publisher: "纸鹤工作室".to_owned(),
        homepage: Some("https://app.example/".to_owned()),
        redirect_uris: vec![format!("https://app.example/{}", "a".repeat(480)); 10],
        scopes: scopes("profile email relay"),
        secret: Some(AppSecret {
            hash: "0f".repeat(32),
            hint: "abcd".to_owned(),
            old: Some(OldAppSecret { hash: "1e".repeat(32), until: NOW + DAY }),
        }),
        access_token_s: 31_536_000,
        enabled: true,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn token(grant: OauthGrantId, hash: u8, kind: OauthTokenKind, family: i64) -> OauthTokenRecord {
    OauthTokenRecord {
        hash: [hash; 32],
        grant,
        family,
        kind,
        scopes: scopes("relay"),
        created_at: NOW,
        expires_at: NOW + DAY,
    }
}

fn code(grant: OauthGrantId, hash: u8, family: i64) -> OauthCodeRecord {
    OauthCodeRecord {
        hash: [hash; 32],
        grant,
        family,
        scopes: scopes("profile relay"),
        redirect_uri: "https://app.example/cb".to_owned(),
        challenge: Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned()),
        expires_at: NOW + DAY,
    }
}

/// A user who let an app call as an API key.
async fn granted(store: &Store) -> (OauthAppRecord, OauthGrantRecord) {
    let group = fixture::user_group("default", Vec::new());
    let user = fixture::user("ana", group.id);
    let key = fixture::api_key(user.id, "App", [9; 32]);
    let app = app("纸鹤");
    let grant = OauthGrantRecord {
        id: ids().next(),
        app: app.id,
        user: user.id,
        scopes: scopes("relay"),
        remembered: true,
        api_key: Some(key.id),
        created_at: NOW,
        updated_at: NOW,
        last_used_at: None,
    };
    let mut tx = store.begin().await.unwrap();
    tx.insert_user_group(&group).await.unwrap();
    tx.insert_user(&user).await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.insert_oauth_app(&app).await.unwrap();
    tx.insert_oauth_grant(&grant).await.unwrap();
    tx.commit().await.unwrap();
    (app, grant)
}

pub(crate) async fn are_kept_with_what_users_let_them_do(database: &Database) {
    let store = database.open().await.unwrap();
    let (app, grant) = granted(&store).await;
    let read = store.read();
    assert_eq!(read.find_oauth_app(app.id).await.unwrap(), Some(app.clone()));
    assert_eq!(read.find_oauth_grant(app.id, grant.user).await.unwrap(), Some(grant.clone()));
    assert_eq!(read.find_oauth_grant(app.id, UserId::new(1)).await.unwrap(), None);
    let public =
        OauthAppRecord { id: ids().next(), secret: None, homepage: None, ..self::app("b") };
    let mut tx = store.begin().await.unwrap();
    tx.insert_oauth_app(&public).await.unwrap();
    tx.touch_oauth_grant(grant.id, NOW + DAY).await.unwrap();
    let scopes = Some(scopes("email relay"));
    let more = OauthGrantPatch { scopes, ..OauthGrantPatch::default() };
    tx.update_oauth_grant(grant.id, more, NOW + DAY).await.unwrap();
    let renamed = OauthAppRecord { name: "c".to_owned(), enabled: false, ..app.clone() };
    tx.update_oauth_app(&renamed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.read().list_oauth_apps().await.unwrap(), [public.clone(), renamed]);
    let touched = OauthGrantRecord {
        scopes: self::scopes("email relay"),
        last_used_at: Some(NOW + DAY),
        updated_at: NOW + DAY,
        ..grant.clone()
    };
    let listed = store.read().list_oauth_grants(grant.user).await.unwrap();
    assert_eq!(listed, [touched], "what the change does not name stays");
    let counted = store.read().count_oauth_grants().await.unwrap();
    assert_eq!(counted.get(&app.id), Some(&(1, Some(NOW + DAY))));
    assert_eq!(counted.get(&public.id), None);

    let tx = store.begin().await.unwrap();
    let again = OauthAppRecord { id: ids().next(), ..public };
    assert!(tx.insert_oauth_app(&again).await.is_err(), "names are unique");
}

pub(crate) async fn use_a_code_and_a_refresh_token_once(database: &Database) {
    let store = database.open().await.unwrap();
    let (app, grant) = granted(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_oauth_code(&code(grant.id, 1, 7)).await.unwrap();
    assert_eq!(tx.take_oauth_code([2; 32], NOW).await.unwrap(), CodeTaken::Unknown);
    let taken = tx.take_oauth_code([1; 32], NOW).await.unwrap();
    assert_eq!(taken, CodeTaken::Now(code(grant.id, 1, 7)));
    let refresh = token(grant.id, 3, OauthTokenKind::Refresh, 7);
    tx.insert_oauth_token(&refresh).await.unwrap();
    tx.insert_oauth_token(&token(grant.id, 4, OauthTokenKind::Access, 7)).await.unwrap();
    tx.insert_oauth_token(&token(grant.id, 5, OauthTokenKind::Access, 8)).await.unwrap();
    tx.commit().await.unwrap();
    let behind = store.find_behind_token(&[4; 32]).await.unwrap().unwrap();
    assert_eq!((behind.app, behind.user, behind.api_key), (app.id, grant.user, grant.api_key));
    assert_eq!(store.find_behind_token(&[3; 32]).await.unwrap(), None, "it is no access token");
    let family = store.read().find_oauth_family(&[3; 32], app.id).await.unwrap();
    assert_eq!(family, Some(7));
    let of_other = store.read().find_oauth_family(&[3; 32], ids().next()).await.unwrap();
    assert_eq!(of_other, None);

    let mut tx = store.begin().await.unwrap();
    let access = tx.take_refresh_token([4; 32], NOW).await.unwrap();
    assert_eq!(access, RefreshTaken::Unknown, "it is no refresh token");
    assert_eq!(tx.take_refresh_token([3; 32], NOW).await.unwrap(), RefreshTaken::Now(refresh));
    tx.commit().await.unwrap();
    assert!(store.find_behind_token(&[4; 32]).await.unwrap().is_some());
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.take_refresh_token([3; 32], NOW).await.unwrap(), RefreshTaken::Before);
    tx.commit().await.unwrap();
    assert_eq!(store.find_behind_token(&[4; 32]).await.unwrap(), None, "its family is gone");
    assert!(store.find_behind_token(&[5; 32]).await.unwrap().is_some(), "another is not");

    let mut tx = store.begin().await.unwrap();
    tx.insert_oauth_token(&token(grant.id, 6, OauthTokenKind::Access, 7)).await.unwrap();
    assert_eq!(tx.take_oauth_code([1; 32], NOW).await.unwrap(), CodeTaken::Before);
    tx.commit().await.unwrap();
    assert_eq!(store.find_behind_token(&[6; 32]).await.unwrap(), None);
    assert_eq!(store.purge_oauth_tokens(NOW).await.unwrap(), 0);
    assert_eq!(store.purge_oauth_tokens(NOW + DAY).await.unwrap(), 2, "a code and a token");
}

pub(crate) async fn keep_a_code_as_long_as_what_came_of_it(database: &Database) {
    let store = database.open().await.unwrap();
    let (_, grant) = granted(&store).await;
    let minute = Duration::from_mins(1);
    let mut tx = store.begin().await.unwrap();
    for (hash, family) in [(1, 7), (2, 8), (3, 9)] {
        let code = OauthCodeRecord { expires_at: NOW + minute, ..code(grant.id, hash, family) };
        tx.insert_oauth_code(&code).await.unwrap();
    }
    for (hash, family) in [(1, 7), (2, 8)] {
        tx.take_oauth_code([hash; 32], NOW).await.unwrap();
        tx.insert_oauth_token(&token(grant.id, hash, OauthTokenKind::Refresh, family))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let later = NOW + minute * 5;
    assert_eq!(store.purge_oauth_tokens(later).await.unwrap(), 1, "nothing came of one of them");

    let before = store.versions().await.unwrap().identity;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.take_oauth_code([1; 32], later).await.unwrap(), CodeTaken::Before);
    tx.commit().await.unwrap();
    let ended = store.versions().await.unwrap().identity;
    assert!(ended > before, "callers are looked up again");
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.take_refresh_token([1; 32], later).await.unwrap(), RefreshTaken::Unknown);
    assert_eq!(tx.take_oauth_code([1; 32], later).await.unwrap(), CodeTaken::Before);
    tx.commit().await.unwrap();
    let again = store.versions().await.unwrap().identity;
    assert_eq!(again, ended, "nothing was left to end");

    assert_eq!(store.purge_oauth_tokens(later).await.unwrap(), 1, "its code goes with a family");
    assert_eq!(store.purge_oauth_tokens(NOW + DAY).await.unwrap(), 2, "a token and its code");
}

pub(crate) async fn lose_every_token_with_the_grant(database: &Database) {
    let store = database.open().await.unwrap();
    let (app, grant) = granted(&store).await;
    let key = grant.api_key.unwrap();
    let mut tx = store.begin().await.unwrap();
    for family in 0..53_i64 {
        let hash = u8::try_from(family).unwrap();
        let refresh = token(grant.id, 100 + hash, OauthTokenKind::Refresh, family);
        let created_at = NOW + Duration::from_secs(hash.into());
        tx.insert_oauth_token(&OauthTokenRecord { created_at, ..refresh }).await.unwrap();
        tx.insert_oauth_token(&token(grant.id, hash, OauthTokenKind::Access, family))
            .await
            .unwrap();
    }
    tx.trim_oauth_families(grant.id).await.unwrap();
    tx.commit().await.unwrap();
    for (hash, is_there) in [(0, false), (2, false), (3, true), (52, true)] {
        let found = store.find_behind_token(&[hash; 32]).await.unwrap();
        assert_eq!(found.is_some(), is_there, "{hash}");
    }
    assert!(store.find_caller_by_id(key).await.unwrap().unwrap().revoked_at.is_none());

    let mut tx = store.begin().await.unwrap();
    assert!(tx.end_oauth_grant(grant.id, NOW).await.unwrap());
    assert!(!tx.end_oauth_grant(grant.id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.find_behind_token(&[52; 32]).await.unwrap(), None);
    let caller = store.find_caller_by_id(key).await.unwrap().unwrap();
    assert_eq!(caller.revoked_at, Some(NOW), "the key stays, with what it used");
    let mut tx = store.begin().await.unwrap();
    tx.delete_oauth_app(app.id, NOW).await.unwrap();
    assert!(tx.delete_oauth_app(app.id, NOW).await.is_err());
}
