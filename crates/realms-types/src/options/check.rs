//! Every mistake in the options of a channel, with the field and what is allowed.

use std::{collections::BTreeSet, fmt, ops::RangeInclusive};

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::{
    ChannelOptions, Compare, Condition, HARD_CAUSES, HeaderEdits, HeaderTemplate, JsonPath,
    ParamMode, ParamOperation, RuleKind,
};

/// The longest text an option may hold.
const LONGEST_TEXT: usize = 64 << 10;
/// So many entries a list may have.
const MOST: usize = 100;
/// The largest a regular expression may become.
const PATTERN_SIZE: usize = 1 << 20;
/// Minutes between two tests, up to a week.
const TEST_MINUTES: RangeInclusive<u32> = 1..=7 * 24 * 60;
/// Seconds between two probes.
const PROBE_SECONDS: RangeInclusive<u32> = 10..=3600;
/// Fields that a call cannot be without as its client sent them.
const VITAL: [&str; 2] = ["model", "stream"];

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionMistake {
    /// The field, with dots between the names; empty for the whole.
    pub field: String,
    /// What is wrong with it, and what is allowed.
    pub message: String,
}

struct Checker<'a> {
    options: &'a ChannelOptions,
    mistakes: Vec<OptionMistake>,
}

/// Compiles a regular expression of bounded size.
pub fn pattern(text: &str) -> Result<Regex, String> {
    if text.is_empty() {
        return Err("is an empty regular expression".to_owned());
    }
    RegexBuilder::new(text).size_limit(PATTERN_SIZE).build().map_err(|error| {
        let why = error.to_string();
        let why = why.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
        format!("is no regular expression: {why}")
    })
}

// === impl OptionMistake ===

impl OptionMistake {
    /// A mistake in this field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl fmt::Display for OptionMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.field, self.message)
    }
}

// === impl ChannelOptions ===

impl ChannelOptions {
    /// Every mistake in it.
    pub fn check(&self) -> Vec<OptionMistake> {
        let mut checker = Checker { options: self, mistakes: Vec::new() };
        checker.prompt();
        checker.params();
        checker.body();
        checker.account();
        checker.status_codes();
        checker.pass_through();
        checker.headers();
        checker.model_rules();
        checker.serving();
        checker.notes();
        checker.mistakes
    }

    /// The options of the body that are said, by name.
    pub fn body_options(&self) -> Vec<&'static str> {
        let said = [
            ("system_prompt", self.system_prompt.is_some()),
            ("params", !self.params.is_empty()),
            ("body", !self.body.is_empty()),
            ("effort_suffix", self.effort_suffix.is_some()),
            ("service_tier", self.service_tier == super::TierPolicy::Drop),
            ("store", self.store != super::StorePolicy::Forward),
            ("safety_identifier", self.safety_identifier != super::Forward::Forward),
            ("cache_ttl", self.cache_ttl != super::CacheTtl::Inherit),
            ("model_rules", !self.model_rules.is_empty()),
        ];
        said.into_iter().filter(|(_, said)| *said).map(|(name, _)| name).collect()
    }
}

// === impl Checker ===

impl Checker<'_> {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.mistakes.push(OptionMistake::new(field, message));
    }

    fn count(&mut self, field: &str, count: usize) {
        if count > MOST {
            self.add(field, format!("has {count} entries, more than {MOST}"));
        }
    }

    fn prompt(&mut self) {
        if let Some(prompt) = &self.options.system_prompt {
            if prompt.text.trim().is_empty() {
                self.add("system_prompt.text", "is empty: leave `system_prompt` out");
            } else if prompt.text.len() > LONGEST_TEXT {
                self.add("system_prompt.text", format!("is longer than {LONGEST_TEXT} bytes"));
            }
        }
        if let Some(suffix) = &self.options.effort_suffix {
            self.count("effort_suffix.keep", suffix.keep.len());
        }
    }

    fn params(&mut self) {
        let params = &self.options.params;
        self.count("params.overrides", params.overrides.len());
        self.count("params.operations", params.operations.len());
        for key in params.overrides.keys() {
            let field = format!("params.overrides.{key}");
            if key.is_empty() {
                self.add(field, "has no name");
            } else if VITAL.contains(&key.as_str()) {
                self.add(field, vital(key));
            }
        }
        for (index, operation) in params.operations.iter().enumerate() {
            self.operation(&format!("params.operations.{index}"), operation);
        }
    }

    fn operation(&mut self, field: &str, operation: &ParamOperation) {
        use ParamMode as Mode;
        let ParamOperation { mode, path, value, from, to, .. } = operation;
        match mode {
            Mode::Move | Mode::Copy => {
                self.path(
                    &format!("{field}.from"),
                    from.as_deref().unwrap_or_default(),
                    *mode == Mode::Move,
                );
                self.path(&format!("{field}.to"), to.as_deref().unwrap_or_default(), true);
                self.superfluous(field, &[("path", !path.is_empty()), ("value", value.is_some())]);
                let any = |text: &Option<String>| text.iter().any(|text| text.contains('*'));
                if any(from) || any(to) {
                    self.add(field, "moves and copies one field: `*` has no place in its paths");
                }
            }
            _ => self.path(&format!("{field}.path"), path, true),
        }
        let is_text = value.as_ref().is_some_and(Value::is_string);
        match mode {
            Mode::Set | Mode::Prepend | Mode::Append if value.is_none() => {
                self.add(format!("{field}.value"), "is missing");
            }
            Mode::TrimPrefix | Mode::TrimSuffix | Mode::EnsurePrefix | Mode::EnsureSuffix
                if !is_text =>
            {
                self.add(format!("{field}.value"), "must be a text");
            }
            Mode::Replace if from.as_ref().is_none_or(String::is_empty) => {
                self.add(format!("{field}.from"), "must be the text to replace");
            }
            Mode::RegexReplace => {
                if let Err(message) = pattern(from.as_deref().unwrap_or_default()) {
                    self.add(format!("{field}.from"), message);
                }
            }
            Mode::Delete | Mode::TrimSpace | Mode::ToLower | Mode::ToUpper => {
                self.superfluous(field, &[("value", value.is_some())]);
            }
            _ => {}
        }
        if !matches!(mode, Mode::Move | Mode::Copy | Mode::Replace | Mode::RegexReplace) {
            self.superfluous(field, &[("from", from.is_some()), ("to", to.is_some())]);
        }
        for (index, condition) in operation.conditions.iter().enumerate() {
            self.condition(&format!("{field}.conditions.{index}"), condition);
        }
    }

    fn superfluous(&mut self, field: &str, given: &[(&str, bool)]) {
        for (name, _) in given.iter().filter(|(_, given)| *given) {
            self.add(format!("{field}.{name}"), "means nothing for this mode: leave it out");
        }
    }

    fn condition(&mut self, field: &str, condition: &Condition) {
        self.path(&format!("{field}.path"), &condition.path, false);
        let Condition { mode, value, .. } = condition;
        if mode.is_of_text() && !value.is_string() {
            self.add(format!("{field}.value"), "must be a text for this comparison");
        }
        if mode.is_of_number() && !value.is_number() {
            self.add(format!("{field}.value"), "must be a number for this comparison");
        }
        if *mode == Compare::Contains && matches!(value, Value::Object(_) | Value::Array(_)) {
            self.add(format!("{field}.value"), "must be a text or a number");
        }
    }

    /// A path that parses; one that is written to leaves alone what a call cannot be without.
    fn path(&mut self, field: &str, text: &str, is_changed: bool) {
        match JsonPath::parse(text) {
            Err(message) => self.add(field, message),
            Ok(path) if is_changed => {
                if let Some(name) = VITAL.iter().find(|name| path.takes(name)) {
                    self.add(field, vital(name));
                }
            }
            Ok(_) => {}
        }
    }

    fn body(&mut self) {
        let body = &self.options.body;
        self.count("body.allow", body.allow.len());
        self.count("body.deny", body.deny.len());
        let mut allowed = Vec::new();
        for (index, text) in body.allow.iter().enumerate() {
            match JsonPath::parse(text) {
                Ok(path) => allowed.push(path),
                Err(message) => self.add(format!("body.allow.{index}"), message),
            }
        }
        for (index, text) in body.deny.iter().enumerate() {
            self.path(&format!("body.deny.{index}"), text, true);
        }
        for name in VITAL.iter().filter(|_| !allowed.is_empty()) {
            if !allowed.iter().any(|path| path.takes(name)) {
                self.add(
                    "body.allow",
                    format!("must have `{name}`: a call cannot be served without it"),
                );
            }
        }
    }

    fn account(&mut self) {
        for (field, value) in
            [("organization", &self.options.organization), ("project", &self.options.project)]
        {
            let sound = |text: &String| {
                !text.is_empty()
                    && text.len() <= 200
                    && text.bytes().all(|byte| byte.is_ascii_graphic())
            };
            if value.as_ref().is_some_and(|text| !sound(text)) {
                self.add(field, "must have 1 to 200 letters, digits and marks, no blank");
            }
        }
    }

    fn status_codes(&mut self) {
        for (from, to) in &self.options.status_codes {
            let field = format!("status_codes.{from}");
            let error = |status: u16| (400..=599).contains(&status);
            if !from.parse().is_ok_and(error) {
                self.add(&field, "is no status of an error: 400 to 599");
            }
            if !error(*to) {
                self.add(&field, format!("{to} is no status of an error: 400 to 599"));
            }
        }
    }

    fn pass_through(&mut self) {
        if self.options.pass_through_body {
            for name in self.options.body_options() {
                self.add(
                    "pass_through_body",
                    format!(
                        "excludes `{name}`: the body is sent as it is, so switch one of them off"
                    ),
                );
            }
        }
    }

    fn headers(&mut self) {
        let HeaderEdits { set, remove } = &self.options.headers;
        self.count("headers.set", set.len());
        self.count("headers.remove", remove.len());
        let mut names = BTreeSet::new();
        for (name, value) in set {
            let field = format!("headers.set.{name}");
            if let Some(message) = HeaderEdits::refuses(name) {
                self.add(field, message);
            } else if let Err(message) = HeaderTemplate::parse(value) {
                self.add(field, message);
            } else if !names.insert(name.to_ascii_lowercase()) {
                self.add(field, "is given twice: names are the same in any case");
            }
        }
        for (index, name) in remove.iter().enumerate() {
            if let Some(message) = HeaderEdits::refuses(name) {
                self.add(format!("headers.remove.{index}"), message);
            }
        }
    }

    fn model_rules(&mut self) {
        self.count("model_rules", self.options.model_rules.len());
        for (index, rule) in self.options.model_rules.iter().enumerate() {
            let field = format!("model_rules.{index}");
            if rule.pattern.is_empty() {
                self.add(format!("{field}.pattern"), "is empty");
            } else if rule.kind == RuleKind::Regex
                && let Err(message) = pattern(&rule.pattern)
            {
                self.add(format!("{field}.pattern"), message);
            }
            if rule.to.is_empty() || rule.to.len() > 200 || rule.to.chars().any(char::is_control) {
                self.add(format!("{field}.to"), "must be the name of a model");
            }
        }
    }

    fn serving(&mut self) {
        if let Some(Err((field, message))) = self.options.hours.as_ref().map(super::Hours::compile)
        {
            self.add(format!("hours.{field}"), message);
        }
        if let Some(disable) = &self.options.auto_disable {
            if !(1..=1000).contains(&disable.after) {
                self.add("auto_disable.after", "must be 1 to 1000");
            }
            for cause in disable.causes.iter().filter(|cause| !HARD_CAUSES.contains(cause)) {
                let hard = HARD_CAUSES.map(crate::Cause::as_str).join(", ");
                self.add(
                    "auto_disable.causes",
                    format!("`{}` goes away by waiting: use {hard}", cause.as_str()),
                );
            }
        }
    }

    fn notes(&mut self) {
        self.count("tags", self.options.tags.len());
        for (index, tag) in self.options.tags.iter().enumerate() {
            if tag.is_empty() || tag.len() > 64 || tag.chars().any(char::is_control) {
                self.add(format!("tags.{index}"), "must have 1 to 64 bytes");
            }
        }
        if self.options.remark.as_ref().is_some_and(|text| text.len() > 4096) {
            self.add("remark", "is longer than 4096 bytes");
        }
        if self.options.test_model.as_ref().is_some_and(|name| name.is_empty() || name.len() > 200)
        {
            self.add("test_model", "must be the name of a model");
        }
        if self.options.test_every_minutes.is_some_and(|minutes| !TEST_MINUTES.contains(&minutes)) {
            self.add("test_every_minutes", "must be 1 to 10080, which is a week");
        }
        if self.options.probe_every_seconds.is_some_and(|seconds| !PROBE_SECONDS.contains(&seconds))
        {
            self.add("probe_every_seconds", "must be 10 to 3600");
        }
    }
}

fn vital(name: &str) -> String {
    format!(
        "would change or drop `{name}`, which the call cannot be served without: use model_rules for the model"
    )
}
