//! The name a mistyped one was meant to be.

/// The known name nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

/// `; did you mean `x`?`, or nothing.
pub(crate) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|known| format!("; did you mean `{known}`?")).unwrap_or_default()
}

/// Makes a message of serde fit to be shown: adds the nearest name to one such as
/// ``unknown field `naem`, expected one of `name`, `kind` ``, and takes the value out of one such as
/// ``invalid type: string "hunter2", expected u32``, because it may be a secret.
pub(crate) fn improve(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("invalid ")
        && let Some((found, expected)) = rest.rsplit_once(", expected ")
    {
        let found = found.split(['"', '`']).next().unwrap_or_default().trim_end();
        return format!("invalid {found}, expected {expected}");
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    match quoted.next() {
        Some(name) if unknown => format!("{message}{}", hint(name, quoted)),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[test]
    fn only_what_is_near_is_meant() {
        assert_eq!(nearest("gpt-5.1", ["gpt-5.2", "claude"]), Some("gpt-5.2"));
        assert_eq!(nearest("sonnet", ["gpt-5.2", "claude"]), None);
    }

    #[test]
    fn a_message_about_a_value_loses_the_value() {
        for text in ["\"hunter2, expected nothing\"", "12345678", "1.5"] {
            let error = serde_json::from_str::<Vec<u32>>(text).unwrap_err().to_string();
            let shown = improve(&error);
            assert!(shown.contains("expected a sequence"), "{shown}");
            assert!(!shown.contains("hunter2") && !shown.contains('5'), "{shown}");
        }
    }

    #[test]
    fn a_message_about_an_unknown_name_gets_the_nearest() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "snake_case")]
        enum Fruit {
            Apple,
            Pear {
                #[expect(dead_code, reason = "only its name matters")]
                weight: u32,
            },
        }
        let error = serde_json::from_str::<Fruit>("\"aple\"").unwrap_err().to_string();
        assert!(improve(&error).contains("; did you mean `apple`?"), "{error}");
        let error = serde_json::from_str::<Fruit>(r#"{"pear":{"wait":1}}"#).unwrap_err();
        assert!(improve(&error.to_string()).starts_with("unknown field `wait`"));
        let error = serde_json::from_str::<Fruit>(r#"{"pear":{"weigth":1}}"#).unwrap_err();
        assert!(improve(&error.to_string()).contains("did you mean `weight`?"));
    }
}
