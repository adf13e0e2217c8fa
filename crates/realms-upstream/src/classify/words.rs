//! What the kind, the code and the words of an error say beyond its status.

use realms_dialect::UpstreamFault;

/// Kinds and codes of an account that can pay for nothing more.
const EXHAUSTED: [&str; 7] = [
    "billing_error",
    "billing_hard_limit_reached",
    "insufficient_quota",
    "insufficient_balance",
    "usage_limit_reached",
    "usage_not_included",
    "quota_exceeded",
];
/// Anthropic says it with a 400 and this sentence.
const EXHAUSTED_WORDS: [&str; 2] = ["credit balance is too low", "insufficient balance"];
/// Google answers a bad key with a 400.
const BAD_KEY: [&str; 3] = ["api_key_invalid", "invalid_api_key", "api key not valid"];
/// A vendor without capacity, whatever the status.
const OVERLOADED: [&str; 3] = ["overloaded", "no capacity", "at capacity"];
/// Codes of a model the vendor does not have.
const NO_MODEL: [&str; 6] = [
    "invalid_model",
    "model_not_available",
    "model_not_found",
    "model_not_supported",
    "unknown_model",
    "unsupported_model",
];
/// The same in words, for vendors without codes: before the model's name …
const NO_MODEL_BEFORE: [&str; 5] =
    ["unsupported model", "unknown model", "no such model", "invalid model", "model not exist"];
/// … and after it: ``The model `x` does not exist``.
const NO_MODEL_AFTER: [&str; 6] = [
    "does not exist",
    "doesn't exist",
    "is not available",
    "is not found",
    "is not supported",
    "not found",
];
/// With one of these words it is the account that may not use the model, not the vendor that has none.
const NOT_THE_MODEL: [&str; 5] = ["permission", "quota", "plan", "billing", "subscription"];

/// A model that is there, but not for this method or path. OpenAI names the path …
const WRONG_PATH: [&str; 2] = ["supported in the v1/", "supported in v1/"];
/// … and Google the method, in one sentence with a model it does not have: "is not found for API
/// version v1beta, or is not supported for embedContent".
/// For `generateContent` itself Google says the same of a model it does not have at all, so it is not here.
const METHODS: [&str; 7] = [
    "batchembedcontents",
    "bidigeneratecontent",
    "counttokens",
    "embedcontent",
    "generateanswer",
    "predict",
    "predictlongrunning",
];
/// What a client keeps at a vendor and names in a later request.
const OBJECTS: [&str; 12] = [
    "assistant",
    "batch",
    "cachedcontent",
    "container",
    "conversation",
    "file",
    "response",
    "skill",
    "store",
    "thread",
    "upload",
    "vector_store",
];
/// How the ids of such objects begin.
const OBJECT_IDS: [&str; 12] = [
    "asst_",
    "batch_",
    "cntr_",
    "container_",
    "conv_",
    "file-",
    "file_",
    "msgbatch_",
    "resp_",
    "skill_",
    "thread_",
    "vs_",
];
/// An object is gone or somebody else's; vendors do not say which.
const OUT_OF_REACH: [&str; 5] =
    ["not found", "no such ", "not exist", "permission to access", "not have access to"];
/// A missing object in words that no wrong path is answered with.
const NO_OBJECT: [&str; 3] = ["with id", "no such ", "requested entity was not found"];

/// The error in lower case.
pub(super) struct Words {
    kind: String,
    code: String,
    message: String,
}

// === impl Words ===

impl Words {
    pub(super) fn of(fault: &UpstreamFault) -> Self {
        let lower = |text: &Option<String>| text.as_deref().unwrap_or_default().to_lowercase();
        Self {
            kind: lower(&fault.kind),
            code: lower(&fault.code),
            message: fault.message.to_lowercase(),
        }
    }

    fn named(&self, names: &[&str]) -> bool {
        names.contains(&self.code.as_str()) || names.contains(&self.kind.as_str())
    }

    fn said(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.message.contains(phrase))
    }

    pub(super) fn exhausted(&self) -> bool {
        self.named(&EXHAUSTED) || self.said(&EXHAUSTED_WORDS)
    }

    pub(super) fn bad_key(&self) -> bool {
        self.named(&BAD_KEY) || self.said(&BAD_KEY)
    }

    pub(super) fn overloaded(&self) -> bool {
        self.kind.contains("overloaded")
            || self.code.contains("overloaded")
            || self.said(&OVERLOADED)
    }

    /// One of the vendor's stored objects is not there: the client's mistake. Of a 404 only, which is
    /// about a path or an object; a 403 needs [`Words::withholds_an_object`].
    pub(super) fn no_such_object(&self) -> bool {
        self.code.ends_with("_not_found") || self.said(&NO_OBJECT)
    }

    /// An object of the client, named by kind or by id, is out of its reach. A page that only says
    /// "File not found" is a web server's word about a path, so a kind alone counts only in an error
    /// that has a type or a code.
    pub(super) fn withholds_an_object(&self) -> bool {
        let by_vendor = !(self.kind.is_empty() && self.code.is_empty());
        self.said(&OUT_OF_REACH)
            && (self.holds_an_object_id() || by_vendor && self.names_an_object())
    }

    /// "the File abc", but not "the File API": that one the account may not use.
    fn names_an_object(&self) -> bool {
        let words: Vec<&str> =
            self.message.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        words.iter().enumerate().any(|(place, word)| {
            OBJECTS.contains(word) && words.get(place + 1).is_none_or(|next| *next != "api")
        })
    }

    /// Ids hold a digit: `file_011CN`, but not the tool `file_search`.
    fn holds_an_object_id(&self) -> bool {
        let mut words = self.message.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        words.any(|word| {
            OBJECT_IDS.iter().any(|start| word.starts_with(start))
                && word.contains(|c: char| c.is_ascii_digit())
        })
    }

    /// The model is asked over a path or with a method that is not for it.
    pub(super) fn wrong_method(&self) -> bool {
        let mut said = self.message.split("not supported for ").skip(1);
        self.said(&WRONG_PATH)
            || said.any(|rest| {
                let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                METHODS.contains(&&rest[..end])
            })
    }

    pub(super) fn no_such_model(&self) -> bool {
        let mut words = self.message.split(|c: char| !c.is_alphanumeric());
        if words.any(|word| NOT_THE_MODEL.contains(&word)) {
            return false;
        }
        self.named(&NO_MODEL) || self.said(&NO_MODEL_BEFORE) || self.names_a_missing_model()
    }

    /// "model … does not exist", in that order: "parameter x is not supported with this model" is not
    /// about the model. Anthropic only says `model: name`.
    fn names_a_missing_model(&self) -> bool {
        if self.kind == "not_found_error" && self.message.starts_with("model:") {
            return true;
        }
        let about_a_parameter =
            self.code.starts_with("unsupported_") || self.code == "invalid_value";
        let Some((_, after)) = self.message.split_once("model") else {
            return false;
        };
        !about_a_parameter && NO_MODEL_AFTER.iter().any(|phrase| after.contains(phrase))
    }
}
