//! How mail leaves: as the settings say, or into a folder.

use std::{path::PathBuf, sync::Arc};

use realms_catalog::{Live, MailSecurity, MailSettings, Settings};
use realms_identity::{FindMailSetup, MailRoute, MailSetup, Smtp, SmtpSecurity};

/// Who letters in a folder say they are from when nothing is set.
const NOBODY: &str = "realms@localhost";

/// Looks at the settings in force for each letter. A folder wins over a mail server.
pub(crate) fn find_setup(catalog: Arc<Live>, folder: Option<PathBuf>) -> FindMailSetup {
    Arc::new(move || setup(catalog.load().settings(), folder.as_ref()))
}

fn setup(settings: &Settings, folder: Option<&PathBuf>) -> Option<MailSetup> {
    let MailSettings { server, account, from, .. } = &settings.mail;
    let from = if from.is_empty() { account } else { from };
    let (route, from) = match folder {
        Some(folder) => {
            let from = if from.is_empty() { NOBODY } else { from };
            (MailRoute::Folder(folder.clone()), from.to_owned())
        }
        None if server.is_empty() || from.is_empty() => return None,
        None => (MailRoute::Smtp(smtp(&settings.mail)), from.clone()),
    };
    Some(MailSetup { site: settings.people.site_name.clone(), from, route })
}

fn smtp(mail: &MailSettings) -> Smtp {
    let login = (!mail.account.is_empty()).then(|| (mail.account.clone(), mail.token.clone()));
    let security = match mail.security {
        MailSecurity::Starttls => SmtpSecurity::Starttls,
        MailSecurity::Tls => SmtpSecurity::Tls,
        MailSecurity::None => SmtpSecurity::Plain,
    };
    Smtp { host: mail.server.clone(), port: mail.port, security, login }
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
            ("smtp_server", "mail.example.org"),
            ("smtp_account", "realms@example.org"),
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
