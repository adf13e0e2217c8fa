//! How mail leaves: as the settings say, or into a folder.

use std::{path::PathBuf, sync::Arc};

use realms_catalog::{Live, MailSecurity, MailSettings, Settings};
use realms_identity::{FindMailSetup, MailRoute, MailSetup, Smtp, SmtpSecurity};
use realms_types::Secret;

/// Who letters in a folder say they are from when nothing is set.
const NOBODY: &str = "realms@localhost";

/// Looks at the settings in force for each letter. A folder wins over a mail server.
pub(crate) fn find_setup(catalog: Arc<Live>, folder: Option<PathBuf>) -> FindMailSetup {
    Arc::new(move || setup(catalog.load().settings(), folder.as_ref()))
}

fn setup(settings: &Settings, folder: Option<&PathBuf>) -> Option<MailSetup> {
    let from = settings.mail.from.clone();
    let (route, from) = match folder {
        Some(folder) => {
            (MailRoute::Folder(folder.clone()), from.unwrap_or_else(|| NOBODY.to_owned()))
        }
        None => (MailRoute::Smtp(smtp(&settings.mail)?), from?),
    };
    Some(MailSetup { site: settings.site_name.clone(), from, route })
}

fn smtp(mail: &MailSettings) -> Option<Smtp> {
    let password = || mail.password.clone().unwrap_or_else(|| Secret::from(""));
    let security = match mail.security {
        MailSecurity::Starttls => SmtpSecurity::Starttls,
        MailSecurity::Tls => SmtpSecurity::Tls,
        MailSecurity::Plain => SmtpSecurity::Plain,
    };
    Some(Smtp {
        host: mail.host.clone()?,
        port: mail.port,
        security,
        login: mail.username.clone().map(|username| (username, password())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_wins_and_without_either_there_is_no_mail() {
        let mut settings = Settings::default();
        assert!(setup(&settings, None).is_none());
        let folder = PathBuf::from("/mail");
        let found = setup(&settings, Some(&folder)).unwrap();
        assert_eq!(found.from, NOBODY);
        assert!(matches!(found.route, MailRoute::Folder(_)));
        for (key, value) in [
            ("smtp_host", "mail.example.org"),
            ("smtp_username", "realms"),
            ("mail_from", "realms@example.org"),
            ("smtp_security", "tls"),
            ("smtp_port", "465"),
        ] {
            settings.set(key, value).unwrap();
        }
        let found = setup(&settings, None).unwrap();
        assert_eq!(found.from, "realms@example.org");
        let MailRoute::Smtp(smtp) = found.route else { panic!("not to the server") };
        assert_eq!((smtp.port, smtp.security), (465, SmtpSecurity::Tls));
        assert!(smtp.login.is_some());
        assert!(matches!(setup(&settings, Some(&folder)).unwrap().route, MailRoute::Folder(_)));
    }
}
