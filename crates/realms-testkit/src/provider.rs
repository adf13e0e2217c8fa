//! An identity provider whose refresh tokens work once: whoever uses one twice loses the account.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::{Cut, FakeUpstream, Gate, Received, Reply};

/// Gives out tokens at `/oauth/token` and detects reuse as strictly as any vendor. Clones are the same
/// provider.
#[derive(Debug, Clone)]
pub struct FakeProvider {
    upstream: FakeUpstream,
    state: Arc<Mutex<State>>,
}

/// What goes wrong with the next refresh.
#[derive(Debug, Clone)]
pub enum ProviderFault {
    /// This status, and nothing happened.
    Status(u16),
    /// The connection is reset, and nothing happened.
    CutBefore,
    /// The token is rotated, and the connection is reset before the answer.
    CutAfter,
    /// Waits at the gate, and nothing has happened until it opens.
    StallBefore(Gate),
    /// The token is rotated, and the answer waits at the gate.
    StallAfter(Gate),
}

#[derive(Debug)]
struct State {
    families: Vec<Family>,
    /// Every refresh token ever given, with the number of its family.
    given: HashMap<String, usize>,
    /// What codes were given for: the account, and the challenge that the exchange must meet.
    codes: HashMap<String, (String, String)>,
    faults: VecDeque<ProviderFault>,
    expires_in: u64,
    refreshes: usize,
    reuses: usize,
}

/// The tokens that descend from one log-in.
#[derive(Debug)]
struct Family {
    account: String,
    current: String,
    count: usize,
    revoked: bool,
}

// === impl FakeProvider ===

impl FakeProvider {
    /// Starts on a free port of 127.0.0.1.
    pub async fn start() -> Self {
        let upstream = FakeUpstream::start().await;
        let state = Arc::new(Mutex::new(State {
            families: Vec::new(),
            given: HashMap::new(),
            codes: HashMap::new(),
            faults: VecDeque::new(),
            expires_in: 3_600,
            refreshes: 0,
            reuses: 0,
        }));
        let shared = Arc::clone(&state);
        upstream
            .for_path("/oauth/token")
            .replies(Reply::by(move |received| shared.lock().answer(received)));
        Self { upstream, state }
    }

    /// `http://127.0.0.1:{port}`.
    pub fn url(&self) -> String {
        self.upstream.url()
    }

    /// What it was asked.
    pub fn requests(&self) -> Vec<Received> {
        self.upstream.requests()
    }

    /// Somebody logs in to this account in their browser; the address they end at.
    pub fn log_in(&self, authorize_url: &str, account: &str) -> String {
        let query = authorize_url.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value).unwrap_or_default()
        };
        assert_eq!(value("code_challenge_method"), "S256", "{authorize_url}");
        let mut state = self.state.lock();
        let code = format!("code-{}", state.codes.len());
        let challenge = value("code_challenge").to_owned();
        state.codes.insert(code.clone(), (account.to_owned(), challenge));
        format!("http://localhost:1455/auth/callback?code={code}&state={}", value("state"))
    }

    /// Tokens of a log-in made elsewhere: what the token endpoint would have answered.
    pub fn give(&self, account: &str) -> Value {
        self.state.lock().begin(account)
    }

    /// What goes wrong with the next refreshes, one each.
    pub fn fails_next(&self, fault: ProviderFault) -> &Self {
        self.state.lock().faults.push_back(fault);
        self
    }

    /// How many seconds the next access tokens live.
    pub fn expires_in(&self, seconds: u64) -> &Self {
        self.state.lock().expires_in = seconds;
        self
    }

    /// Ends every log-in of an account, as its owner may.
    pub fn revoke(&self, account: &str) {
        let mut state = self.state.lock();
        for family in state.families.iter_mut().filter(|family| family.account == account) {
            family.revoked = true;
        }
    }

    /// How many refreshes were asked for.
    pub fn refreshes(&self) -> usize {
        self.state.lock().refreshes
    }

    /// How often a refresh token came that had been used before. Each costs a family its life.
    pub fn reuses(&self) -> usize {
        self.state.lock().reuses
    }

    /// The only refresh token of an account's latest log-in that works; `None` when none does.
    pub fn current(&self, account: &str) -> Option<String> {
        let state = self.state.lock();
        let family = state.families.iter().rev().find(|family| family.account == account)?;
        (!family.revoked).then(|| family.current.clone())
    }
}

// === impl State ===

impl State {
    fn answer(&mut self, received: &Received) -> Reply {
        let body = String::from_utf8_lossy(&received.body).into_owned();
        let value = |name: &str| {
            let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value).unwrap_or_default()
        };
        match value("grant_type") {
            "authorization_code" => self.exchange(value("code"), value("code_verifier")),
            "refresh_token" => self.refresh(value("refresh_token")),
            _ => refused("unsupported_grant_type"),
        }
    }

    fn exchange(&mut self, code: &str, verifier: &str) -> Reply {
        let Some((account, challenge)) = self.codes.remove(code) else {
            return refused("invalid_grant");
        };
        if URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) != challenge {
            return refused("invalid_grant");
        }
        Reply::json(&self.begin(&account))
    }

    fn refresh(&mut self, token: &str) -> Reply {
        self.refreshes += 1;
        match self.faults.pop_front() {
            None => self.rotate(token),
            Some(ProviderFault::Status(status)) => {
                Reply::json(&json!({ "error": "server_error" })).with_status(status)
            }
            Some(ProviderFault::CutBefore) => Reply::hangs_up(Cut::Reset),
            Some(ProviderFault::CutAfter) => {
                self.rotate(token);
                Reply::hangs_up(Cut::Reset)
            }
            // Whoever is stalled before has been told nothing, and nothing was rotated.
            Some(ProviderFault::StallBefore(gate)) => {
                Reply::json(&json!({ "error": "server_error" }))
                    .with_status(503)
                    .stalls_before_headers(&gate)
            }
            Some(ProviderFault::StallAfter(gate)) => {
                self.rotate(token).stalls_before_headers(&gate)
            }
        }
    }

    fn rotate(&mut self, token: &str) -> Reply {
        let Some(number) = self.given.get(token).copied() else {
            return refused("invalid_grant");
        };
        let family = &mut self.families[number];
        if family.revoked {
            return refused("invalid_grant");
        }
        if family.current != token {
            family.revoked = true;
            self.reuses += 1;
            let error = json!({ "error": {
                "message": "Your refresh token has already been used.",
                "type": "invalid_request_error", "code": "refresh_token_reused",
            }});
            return Reply::json(&error).with_status(401);
        }
        Reply::json(&self.tokens(number))
    }

    fn begin(&mut self, account: &str) -> Value {
        let (account, current) = (account.to_owned(), String::new());
        self.families.push(Family { account, current, count: 0, revoked: false });
        self.tokens(self.families.len() - 1)
    }

    /// The next tokens of a family.
    fn tokens(&mut self, number: usize) -> Value {
        let expires_in = self.expires_in;
        let family = &mut self.families[number];
        family.count += 1;
        let name = format!("{}-{number}-{}", family.account, family.count);
        family.current = format!("rt-{name}");
        self.given.insert(family.current.clone(), number);
        let claims = json!({
            "email": format!("{}@example.org", family.account),
            "https://api.openai.com/auth": {
                "chatgpt_account_id": family.account, "chatgpt_plan_type": "plus",
                "chatgpt_user_id": format!("user-{}", family.account),
            },
        });
        json!({
            "access_token": format!("at-{name}"), "refresh_token": family.current,
            "id_token": unsigned(&claims), "expires_in": expires_in, "token_type": "Bearer",
        })
    }
}

fn refused(code: &str) -> Reply {
    Reply::json(&json!({ "error": code, "error_description": "no" })).with_status(400)
}

/// A token in the form of one that is signed.
fn unsigned(payload: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&json!({ "alg": "none" })), part(payload), "c2ln")
}
