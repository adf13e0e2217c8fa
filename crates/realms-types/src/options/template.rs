//! The value of a header, with places to be filled in.

use super::HeaderEdits;

/// The longest value.
const LONGEST: usize = 4096;

/// A value made of texts and places.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderTemplate(Vec<Piece>);

/// A part of a value.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// The channel's credential.
    ApiKey,
    /// The id of the request.
    RequestId,
    /// The log-in name of the caller.
    User,
    /// What the client sent in this header, in lower case.
    ClientHeader(String),
}

// === impl HeaderTemplate ===

impl HeaderTemplate {
    /// Reads a value, or says what is wrong with it. The error quotes no more than a placeholder.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("is longer than {LONGEST} bytes"));
        }
        if text.chars().any(|letter| letter.is_control() && letter != '\t') {
            return Err("has a control character, which no header can carry".to_owned());
        }
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let from = &rest[at..];
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                plain.push_str(&from[..1]);
                rest = after;
                continue;
            }
            let Some(end) = from.strip_prefix('{').and_then(|inner| inner.find('}')) else {
                return Err("has a single brace: write `{{` and `}}` for braces".to_owned());
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::parse(&from[1..=end])?);
            rest = &from[end + 2..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self(pieces))
    }

    /// The parts, in their order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether the credential is in it.
    pub fn is_secret(&self) -> bool {
        self.0.contains(&Piece::ApiKey)
    }
}

impl std::fmt::Debug for HeaderTemplate {
    /// Without the texts: one may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HeaderTemplate(…)")
    }
}

// === impl Piece ===

impl Piece {
    fn parse(name: &str) -> Result<Self, String> {
        match name {
            "api_key" => Ok(Self::ApiKey),
            "request_id" => Ok(Self::RequestId),
            "user" => Ok(Self::User),
            _ => match name.strip_prefix("client_header:") {
                Some(header) if HeaderEdits::is_client_secret(header) => {
                    Err(format!("`{{{name}}}`: a client's own secret is never passed on"))
                }
                Some(header) if !header.is_empty() => {
                    Ok(Self::ClientHeader(header.to_ascii_lowercase()))
                }
                _ => Err("has an unknown placeholder: use {api_key}, {request_id}, {user} or \
                          {client_header:NAME}, and `{{` for a brace"
                    .to_owned()),
            },
        }
    }
}

impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Piece")
    }
}
