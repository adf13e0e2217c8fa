//! Somebody who is signed in to the console.

use std::sync::Arc;

use realms_identity::{Lifetimes, NewSession, Sessions};
use realms_types::{Chance, Ids, SharedClock, SystemClock, UserId};

use super::{Client, TestApp};

/// A user with a session.
pub struct Person {
    id: UserId,
    /// Sends the session with every request.
    pub client: Client,
    sessions: Sessions,
}

impl TestApp {
    /// Signs a user in who is there already.
    pub async fn sign_in(&self, name: &str) -> Person {
        self.sign_in_at(name, Arc::new(SystemClock)).await
    }

    /// The same by another clock: the session is as old as that says.
    pub async fn sign_in_at(&self, name: &str, clock: SharedClock) -> Person {
        let (store, keyring) = (self.app().store(), self.app().keyring());
        let id = store.read().find_user_by_name(name).await.unwrap().unwrap().id;
        let ids = Ids::new(Arc::clone(&clock), Chance::from_entropy());
        let sessions =
            Sessions::new(store.clone(), keyring.clone(), clock, ids, Lifetimes::SELF_MODE);
        let new = NewSession {
            user_id: id,
            address: "127.0.0.1".to_owned(),
            user_agent: "stories".to_owned(),
            proved: true,
        };
        let opened = sessions.open(new).await.unwrap();
        let client = Client::new(self.app().address())
            .header("cookie", &format!("realms_session={}", opened.token.reveal()))
            .header("realms-user", &id.to_string())
            .header("sec-fetch-site", "same-origin");
        Person { id, client, sessions }
    }
}

impl Person {
    /// Ends every session of the user.
    pub async fn log_out(&self) {
        self.sessions.close_all(self.id).await.unwrap();
    }
}
