//! The shape of the answer's text: a schema where there is a field for it, else words.

use serde_json::Value;

use crate::{
    Losses,
    prompt::{
        Format, Given, JsonSchema, Prompt, PromptError, Target, fields::Fields, rules::strict,
    },
};

/// What a Claude model is told.
#[derive(Debug, PartialEq)]
pub(in crate::prompt) enum Anthropic {
    /// Nothing.
    Unsaid,
    /// A schema in `output_config.format`.
    Schema(Value),
    /// Words at the end of the system prompt.
    Words(String),
}

/// As OpenAI writes it; Chat has the schema one level deeper.
pub(in crate::prompt) fn read_openai(
    fields: &mut Fields,
    inner: Option<Fields>,
    prompt: &mut Prompt,
) -> Result<Format, PromptError> {
    let at = fields.at("type");
    let kind = fields.need_text("type")?;
    match kind.as_str() {
        "text" => Ok(Format::Text),
        "json_object" => Ok(Format::JsonObject),
        "json_schema" => match inner {
            Some(mut inner) => {
                let schema = json_schema(&mut inner)?;
                inner.rest(&mut prompt.unknown);
                Ok(Format::JsonSchema(schema))
            }
            None => Ok(Format::JsonSchema(json_schema(fields)?)),
        },
        _ => Err(PromptError::wrong(at, "text, json_object or json_schema")),
    }
}

fn json_schema(fields: &mut Fields) -> Result<JsonSchema, PromptError> {
    Ok(JsonSchema {
        name: fields.text("name")?,
        description: fields.text("description")?,
        schema: fields.take("schema"),
        strict: fields.flag("strict")?.is_some_and(|strict| strict.value),
    })
}

/// Name, schema and strictness as OpenAI wants them. A name must be there; strictness only where the
/// schema allows it, since OpenAI refuses others.
pub(in crate::prompt) fn openai(
    schema: &JsonSchema,
    native: bool,
    losses: &mut Losses,
) -> crate::prompt::out::Body {
    use crate::prompt::out::{Body, Put};
    let mut body = Body::new();
    let name = schema.name.as_ref().map_or("answer", |name| &name.value);
    body.put("name", name);
    body.put_some("description", schema.description.as_ref().map(|at| at.value.clone()));
    let Some(Given { path, value }) = &schema.schema else { return body };
    let strict = schema.strict && (native || strict::holds_openai(value));
    if schema.strict && !strict {
        losses.approximated(path.clone(), "the model is told the schema, not held to it");
    }
    body.put("schema", value.clone());
    body.put("strict", strict);
    body
}

/// What Claude is told: it is held to a schema from 4.5 on, unless the schema refers to itself.
pub(in crate::prompt) fn anthropic(
    format: Option<&Given<Format>>,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Anthropic {
    const WHY: &str = "no field for it: asked for in the system prompt";
    let Some(Given { path, value }) = format else { return Anthropic::Unsaid };
    match value {
        Format::Text => Anthropic::Unsaid,
        Format::JsonObject => {
            losses.emulated(path.clone(), WHY);
            Anthropic::Words("Answer with one JSON object and nothing else.".to_owned())
        }
        Format::JsonSchema(JsonSchema { name, description, schema, strict: _ }) => {
            for said in [name, description].into_iter().flatten() {
                losses.dropped(said.path.clone(), "a schema has no name there");
            }
            let Some(Given { path: at, value: schema }) = schema else {
                losses.emulated(path.clone(), WHY);
                return Anthropic::Words("Answer with JSON and nothing else.".to_owned());
            };
            let held = target.claude().is_some_and(|version| version >= (4, 5));
            if held && let Some(schema) = strict::for_anthropic(schema, at, losses) {
                return Anthropic::Schema(schema);
            }
            losses.emulated(at.clone(), WHY);
            let words = "Answer with JSON of this schema and nothing else:";
            Anthropic::Words(format!("{words}\n{schema}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use realms_types::DialectId;
    use serde_json::json;

    use super::*;
    use crate::prompt::Family;

    fn schema(schema: Value) -> Given<Format> {
        let schema = Some(Given::new("f.schema", schema));
        let strict = true;
        Given::new(
            "f",
            Format::JsonSchema(JsonSchema { name: None, description: None, schema, strict }),
        )
    }

    #[test]
    fn claude_is_held_to_a_schema_or_asked_in_words() {
        let object = json!({"type":"object","properties":{},"additionalProperties":false});
        let cycle = json!({"type":"object","properties":{"a":{"$ref":"#"}}});
        for (model, format, held, words) in [
            ("claude-opus-4-5", schema(object.clone()), true, false),
            ("claude-opus-4-5", schema(cycle), false, true),
            ("claude-opus-4-0", schema(object), false, true),
            ("claude-opus-4-5", Given::new("f", Format::JsonObject), false, true),
            ("claude-opus-4-5", Given::new("f", Format::Text), false, false),
        ] {
            let mut losses = Losses::default();
            let target = Target {
                dialect: DialectId::Messages,
                model,
                family: Family::Anthropic,
                max_output: None,
                at_home: true,
            };
            let found = anthropic(Some(&format), &target, &mut losses);
            assert_eq!(matches!(found, Anthropic::Schema(_)), held, "{format:?}");
            assert_eq!(matches!(found, Anthropic::Words(_)), words, "{format:?}");
            assert_eq!(losses.is_empty(), !words, "{losses:?}");
        }
    }

    #[test]
    fn openai_is_strict_only_where_it_can_be() {
        for (value, strict) in [
            (
                json!({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}),
                true,
            ),
            (
                json!({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}),
                false,
            ),
        ] {
            let Given { value: Format::JsonSchema(schema), .. } = schema(value) else { panic!() };
            let mut losses = Losses::default();
            let body = openai(&schema, false, &mut losses);
            assert_eq!(body["strict"], json!(strict));
            assert_eq!(losses.is_empty(), strict);
        }
    }
}
