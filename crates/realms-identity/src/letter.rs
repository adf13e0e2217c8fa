//! What Realms writes to people, in Chinese and English.

use realms_types::Secret;

/// The language of a letter: that of the request it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

/// A letter to be written.
#[derive(Debug, Clone)]
pub enum Letter {
    /// The code with which an account is made.
    RegisterCode(Secret<String>),
    /// Somebody wanted to make an account with an address that has one.
    HasAccount,
    /// The code with which a new password is set.
    ResetCode(Secret<String>),
    /// The code with which an address becomes a user's, to that address.
    EmailCode(Secret<String>),
    /// Somebody wanted to give their account an address that another has, to that address.
    EmailTaken,
    /// The address of an account was changed, to the old one.
    EmailChanged,
    /// The password of an account was changed.
    PasswordChanged,
    /// A notification, in the language it is written in.
    Notification {
        /// It in one line.
        subject: String,
        /// All of it.
        text: Secret<String>,
    },
    /// The mail settings work.
    Test,
}

// === impl Language ===

impl Language {
    /// The language a browser asks for first: `Accept-Language`.
    pub fn of(accept_language: &str) -> Self {
        let first = accept_language.split([',', ';']).next().unwrap_or_default().trim();
        let tag = first.split(['-', '_']).next().unwrap_or_default();
        if tag.eq_ignore_ascii_case("zh") { Self::Chinese } else { Self::English }
    }

    /// The language somebody wrote in: Chinese, where there are Chinese characters.
    pub fn written_in(text: &str) -> Self {
        let is_han = |letter| matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}');
        if text.chars().any(is_han) { Self::Chinese } else { Self::English }
    }
}

// === impl Letter ===

impl Letter {
    /// The subject and the text.
    pub fn render(&self, language: Language, site: &str) -> (String, Secret<String>) {
        let (subject, text) = match language {
            Language::English => self.english(site),
            Language::Chinese => self.chinese(site),
        };
        (subject, Secret::from(text))
    }

    fn english(&self, site: &str) -> (String, String) {
        const NOT_YOU: &str =
            "If this was not you, you need not do anything: without the code nothing changes.";
        let code = |subject: &str, what: &str, code: &Secret<String>| {
            (
                format!("{subject} – {site}"),
                format!(
                    "Your code {what} {site}:\n\n    {}\n\nIt is good for ten minutes and for one \
                     use.\nNobody from {site} will ever ask you for it.\n\n{NOT_YOU}\n",
                    code.reveal()
                ),
            )
        };
        match self {
            Self::RegisterCode(secret) => code("Your code", "for making an account at", secret),
            Self::ResetCode(secret) => code("Your code", "for a new password at", secret),
            Self::EmailCode(secret) => code("Your code", "for using this address at", secret),
            Self::HasAccount => (
                format!("You have an account – {site}"),
                format!(
                    "Somebody, perhaps you, wanted to make an account at {site} with this \
                     address.\nThere is one already: log in with it. If you forgot its password, \
                     ask for a new one on the log-in page.\n\nIf this was not you, you need not do \
                     anything.\n"
                ),
            ),
            Self::EmailTaken => (
                format!("This address is in use – {site}"),
                format!(
                    "Somebody wanted to use this address for another account at {site}.\nIt \
                     belongs to an account already, so nothing was changed.\n"
                ),
            ),
            Self::EmailChanged => (
                format!("Your address was changed – {site}"),
                format!(
                    "Your account at {site} has another e-mail address now; this one no longer \
                     belongs to it.\n\nIf this was not you, tell whoever runs {site} at once.\n"
                ),
            ),
            Self::PasswordChanged => (
                format!("Your password was changed – {site}"),
                format!(
                    "The password of your account at {site} was changed, and you were logged out \
                     everywhere else.\n\nIf this was not you, set a new password at once: \"Forgot \
                     password\" on the log-in page.\n"
                ),
            ),
            Self::Notification { subject, text } => Self::notification(subject, text, site),
            Self::Test => (
                format!("It works – {site}"),
                format!("{site} can send mail with these settings.\n"),
            ),
        }
    }

    fn notification(subject: &str, text: &Secret<String>, site: &str) -> (String, String) {
        (format!("{} – {site}", one_line(subject)), text.reveal().clone())
    }

    fn chinese(&self, site: &str) -> (String, String) {
        let code = |what: &str, code: &Secret<String>| {
            (
                format!("验证码 – {site}"),
                format!(
                    "您在 {site} {what}的验证码：\n\n    {}\n\n十分钟内有效，仅可使用一次。\n{site} \
                     的任何人都不会向您索要验证码。\n\n如非本人操作，请忽略本邮件：没有验证码，不会有任何改动。\n",
                    code.reveal()
                ),
            )
        };
        match self {
            Self::RegisterCode(secret) => code("注册账号", secret),
            Self::ResetCode(secret) => code("重设密码", secret),
            Self::EmailCode(secret) => code("使用此邮箱", secret),
            Self::HasAccount => (
                format!("您已有账号 – {site}"),
                format!(
                    "有人（也许是您）想用此邮箱在 {site} 注册账号。\n此邮箱已有账号，请直接登录；如忘记密码，\
                     可在登录页重设。\n\n如非本人操作，请忽略本邮件。\n"
                ),
            ),
            Self::EmailTaken => (
                format!("此邮箱已被使用 – {site}"),
                format!(
                    "有人想在 {site} 的另一个账号上使用此邮箱。\n此邮箱已属于一个账号，未作任何改动。\n"
                ),
            ),
            Self::EmailChanged => (
                format!("您的邮箱已更改 – {site}"),
                format!(
                    "您在 {site} 的账号已更换邮箱，此邮箱不再属于该账号。\n\n如非本人操作，请立即联系 {site} 的管理员。\n"
                ),
            ),
            Self::PasswordChanged => (
                format!("您的密码已更改 – {site}"),
                format!(
                    "您在 {site} 的账号密码已更改，其他设备均已退出登录。\n\n如非本人操作，请立即在登录页点击「忘记密码」\
                     重设密码。\n"
                ),
            ),
            Self::Notification { subject, text } => Self::notification(subject, text, site),
            Self::Test => {
                (format!("邮件设置可用 – {site}"), format!("{site} 可以用当前设置发送邮件。\n"))
            }
        }
    }
}

/// A text as part of a subject: a line break in it would begin another header.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_first_one_asked_for() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("zh", Language::Chinese),
            ("en-US,zh;q=0.9", Language::English),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of(header), language, "{header:?}");
        }
    }

    #[test]
    fn a_notification_is_as_it_was_written_and_no_subject_has_two_lines() {
        let subject = "Slow\r\nBcc: all@example.org".to_owned();
        let letter = Letter::Notification { subject, text: Secret::from("Try again.\n") };
        for language in [Language::English, Language::Chinese] {
            let (subject, text) = letter.render(language, "Realms");
            assert!(!subject.contains(['\r', '\n']), "{subject:?}");
            assert_eq!(text.reveal(), "Try again.\n");
        }
    }

    #[test]
    fn a_code_stands_alone_on_its_line_in_the_text_only() {
        let letter = Letter::ResetCode(Secret::from("012345"));
        for language in [Language::English, Language::Chinese] {
            let (subject, text) = letter.render(language, "Realms");
            assert!(!subject.contains("012345"), "subjects show on locked screens");
            assert!(text.reveal().lines().any(|line| line.trim() == "012345"));
        }
    }
}
