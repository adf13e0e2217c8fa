//! Mail: a bounded queue, so that no answer waits for it or tells by its time whether there was any.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use realms_types::{Ids, OneTimeCodeId, Secret};
use tokio::{
    sync::{Semaphore, mpsc},
    time::timeout,
};

use crate::{Language, Letter};

/// Letters that wait; more are lost, and counted.
const QUEUE: usize = 1_000;
/// Letters sent at once.
const AT_ONCE: usize = 4;
/// How long one letter may take, from the name of the server to its thanks.
const DEADLINE: Duration = Duration::from_secs(15);
/// How long letters that still wait have when the server stops.
const LAST_LETTERS: Duration = Duration::from_secs(5);

/// How mail leaves, as the settings say at the moment.
#[derive(Debug, Clone)]
pub struct MailSetup {
    /// What the site is called.
    pub site: String,
    /// Who it says it is from: `Realms <realms@example.org>`.
    pub from: String,
    /// The way out.
    pub route: MailRoute,
}

/// A way out for mail.
#[derive(Debug, Clone)]
pub enum MailRoute {
    /// To a mail server.
    Smtp(Smtp),
    /// Into a folder, for development and tests: one `.eml` file for each letter.
    Folder(PathBuf),
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// Whom we log in as there, with the password; without, we do not log in.
    pub login: Option<(String, Secret<String>)>,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Plain at first, then TLS, or nothing is sent.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all: for a server on this machine.
    Plain,
}

/// Tells how mail leaves at the moment; `None`: mail is not set up.
pub type FindMailSetup = Arc<dyn Fn() -> Option<MailSetup> + Send + Sync>;

/// Takes letters and returns at once.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    setup: FindMailSetup,
    queue: mpsc::Sender<Posted>,
    ids: Ids,
    sent: AtomicU64,
    lost: AtomicU64,
}

/// The other end of the queue: [`Postman::run`] must run for letters to leave.
pub struct Postman {
    mailer: Mailer,
    queue: mpsc::Receiver<Posted>,
}

#[derive(Debug)]
struct Posted {
    to: Vec<String>,
    language: Language,
    letter: Letter,
}

/// Why a letter was not sent. The words hold neither the address nor the text.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Mail is not set up.
    #[error("mail is not set up")]
    NotSetUp,
    /// The letter cannot be written: an address is none.
    #[error("the letter cannot be written: {0}")]
    Letter(String),
    /// The mail server did not take it.
    #[error("the mail server did not take it: {0}")]
    Server(String),
    /// Nobody answered in time.
    #[error("the mail server did not answer within {} s", DEADLINE.as_secs())]
    Late,
    /// The folder cannot be written.
    #[error("the folder for mail cannot be written: {0}")]
    Folder(std::io::Error),
}

// === impl Mailer ===

impl Mailer {
    /// A mailer, and the one who carries what it takes.
    pub fn new(setup: FindMailSetup, ids: Ids) -> (Self, Postman) {
        let (queue, received) = mpsc::channel(QUEUE);
        let (sent, lost) = (AtomicU64::new(0), AtomicU64::new(0));
        let mailer = Self(Arc::new(Inner { setup, queue, ids, sent, lost }));
        (mailer.clone(), Postman { mailer, queue: received })
    }

    /// Whether mail is set up.
    pub fn is_set_up(&self) -> bool {
        (self.0.setup)().is_some()
    }

    /// How many letters were sent and how many were lost since the start.
    pub fn counts(&self) -> (u64, u64) {
        (self.0.sent.load(Ordering::Relaxed), self.0.lost.load(Ordering::Relaxed))
    }

    /// Takes a letter. It leaves soon, or is lost and logged.
    pub(crate) fn post(&self, to: &str, language: Language, letter: Letter) {
        if self.0.queue.try_send(Posted { to: vec![to.to_owned()], language, letter }).is_err() {
            self.0.lost.fetch_add(1, Ordering::Relaxed);
            tracing::error!("a letter was lost: {QUEUE} others wait, or the server is stopping");
        }
    }

    /// Sends one letter to these addresses, each of which sees the others, and waits until it is gone.
    pub async fn send_now(
        &self,
        to: &[String],
        language: Language,
        letter: Letter,
    ) -> Result<(), MailError> {
        self.send(&Posted { to: to.to_vec(), language, letter }).await
    }

    async fn send(&self, posted: &Posted) -> Result<(), MailError> {
        let sending = async {
            let setup = (self.0.setup)().ok_or(MailError::NotSetUp)?;
            let message = write(&setup, posted)?;
            match &setup.route {
                MailRoute::Smtp(smtp) => hand_over(smtp, message).await,
                MailRoute::Folder(folder) => {
                    let name = self.0.ids.next::<OneTimeCodeId>().raw();
                    put_down(folder, name, &message).await
                }
            }
        };
        let done = timeout(DEADLINE, sending).await.unwrap_or(Err(MailError::Late));
        let count = if done.is_ok() { &self.0.sent } else { &self.0.lost };
        count.fetch_add(1, Ordering::Relaxed);
        done
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("counts", &self.counts()).finish_non_exhaustive()
    }
}

// === impl Postman ===

impl Postman {
    /// Carries letters until `stop` resolves, and then those that wait for a few seconds more.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                posted = self.queue.recv() => match posted {
                    Some(posted) => self.carry(&turns, posted).await,
                    None => break,
                },
            }
        }
        let rest = async {
            self.queue.close();
            while let Some(posted) = self.queue.recv().await {
                self.carry(&turns, posted).await;
            }
            // All turns are free when every letter is gone.
            let _ = turns.acquire_many(u32::try_from(AT_ONCE).unwrap_or(1)).await;
        };
        if timeout(LAST_LETTERS, rest).await.is_err() {
            tracing::warn!("letters that waited for the mail server are lost");
        }
    }

    async fn carry(&self, turns: &Arc<Semaphore>, posted: Posted) {
        let Ok(turn) = Arc::clone(turns).acquire_owned().await else { return };
        let mailer = self.mailer.clone();
        tokio::spawn(async move {
            if let Err(error) = mailer.send(&posted).await {
                tracing::error!(%error, "a letter was not sent");
            }
            drop(turn);
        });
    }
}

impl fmt::Debug for Postman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postman").field("waiting", &self.queue.len()).finish_non_exhaustive()
    }
}

fn write(setup: &MailSetup, posted: &Posted) -> Result<Message, MailError> {
    let mailbox = |text: &str| {
        text.parse::<Mailbox>().map_err(|_| MailError::Letter("an address is not one".to_owned()))
    };
    let (subject, text) = posted.letter.render(posted.language, &setup.site);
    let mut builder = Message::builder().from(mailbox(&setup.from)?);
    for address in &posted.to {
        builder = builder.to(mailbox(address)?);
    }
    builder
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text.reveal().clone())
        .map_err(|error| MailError::Letter(error.to_string()))
}

async fn hand_over(smtp: &Smtp, message: Message) -> Result<(), MailError> {
    let refused = |error: lettre::transport::smtp::Error| MailError::Server(error.to_string());
    let parameters = || TlsParameters::new(smtp.host.clone()).map_err(refused);
    let tls = match smtp.security {
        SmtpSecurity::Starttls => Tls::Required(parameters()?),
        SmtpSecurity::Tls => Tls::Wrapper(parameters()?),
        SmtpSecurity::Plain => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .timeout(Some(DEADLINE));
    if let Some((username, password)) = &smtp.login {
        let credentials = Credentials::new(username.clone(), password.reveal().clone());
        builder = builder.credentials(credentials);
    }
    builder.build().send(message).await.map(drop).map_err(refused)
}

async fn put_down(folder: &Path, name: i64, message: &Message) -> Result<(), MailError> {
    tokio::fs::create_dir_all(folder).await.map_err(MailError::Folder)?;
    let path = folder.join(format!("{name}.eml"));
    // Whoever looks into the folder must not see half a letter.
    let part = folder.join(format!("{name}.part"));
    tokio::fs::write(&part, message.formatted()).await.map_err(MailError::Folder)?;
    tokio::fs::rename(&part, &path).await.map_err(MailError::Folder)?;
    tracing::info!(file = %path.display(), "a letter was put into the folder for mail");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use realms_types::{Chance, SystemClock};
    use tempfile::TempDir;

    use super::*;

    fn ids() -> Ids {
        Ids::new(Arc::new(SystemClock), Chance::seeded(1))
    }

    fn to_folder(folder: &Path) -> FindMailSetup {
        let setup = MailSetup {
            site: "Realms".to_owned(),
            from: "Realms <realms@example.org>".to_owned(),
            route: MailRoute::Folder(folder.to_owned()),
        };
        Arc::new(move || Some(setup.clone()))
    }

    #[tokio::test]
    async fn what_was_posted_before_the_stop_is_carried() {
        let folder = TempDir::new().unwrap();
        let (mailer, postman) = Mailer::new(to_folder(folder.path()), ids());
        for number in 0..5 {
            let letter = Letter::RegisterCode(Secret::from(format!("00000{number}")));
            mailer.post("ana@example.org", Language::Chinese, letter);
        }
        postman.run(std::future::ready(())).await;
        assert_eq!(mailer.counts(), (5, 0));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 5);
        mailer.post("ana@example.org", Language::English, Letter::HasAccount);
        assert_eq!(mailer.counts(), (5, 1), "nobody carries it any more");
    }

    #[tokio::test]
    async fn several_get_one_letter() {
        let folder = TempDir::new().unwrap();
        let (mailer, _postman) = Mailer::new(to_folder(folder.path()), ids());
        let to = ["ana@example.org", "ben@example.org"].map(str::to_owned);
        mailer.send_now(&to, Language::English, Letter::Test).await.unwrap();
        let letters: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().collect();
        assert_eq!(letters.len(), 1);
        let letter = std::fs::read_to_string(letters[0].path()).unwrap();
        assert!(to.iter().all(|address| letter.contains(address)), "{letter}");
    }

    #[tokio::test]
    async fn no_header_can_be_slipped_in() {
        let folder = TempDir::new().unwrap();
        let (mailer, _postman) = Mailer::new(to_folder(folder.path()), ids());
        for to in
            ["ana@example.org\r\nBcc: eve@example.org", "ana@example.org, eve@example.org", ""]
        {
            let sent = mailer.send_now(&[to.to_owned()], Language::English, Letter::Test).await;
            assert!(matches!(sent, Err(MailError::Letter(_))), "{to:?}: {sent:?}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn without_a_setup_nothing_is_sent() {
        let (mailer, _postman) = Mailer::new(Arc::new(|| None), ids());
        assert!(!mailer.is_set_up());
        let sent =
            mailer.send_now(&["ana@example.org".to_owned()], Language::English, Letter::Test).await;
        assert!(matches!(sent, Err(MailError::NotSetUp)));
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_named_without_the_letter() {
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let setup = MailSetup {
            site: "Realms".to_owned(),
            from: "realms@example.org".to_owned(),
            route: MailRoute::Smtp(Smtp {
                host: gone.ip().to_string(),
                port: gone.port(),
                security: SmtpSecurity::Plain,
                login: Some(("realms".to_owned(), Secret::from("hunter2-canary"))),
            }),
        };
        let (mailer, _postman) = Mailer::new(Arc::new(move || Some(setup.clone())), ids());
        let error = mailer
            .send_now(&["ana@example.org".to_owned()], Language::English, Letter::Test)
            .await
            .unwrap_err();
        assert!(matches!(error, MailError::Server(_)), "{error}");
        assert!(!error.to_string().contains("hunter2"));
        assert_eq!(mailer.counts(), (0, 1));
    }
}
