//! The four wire formats: peeks, shallow edits, SSE framing, taps, faults; pure.
//!
//! A call in the dialect its upstream speaks passes through byte for byte. What Realms must know on the
//! way is read beside the bytes, never by taking them apart:
//!
//! - [`peek`] reads what a body asks for from the top level of its JSON, [`splice`] puts other bytes in
//!   place of a span and leaves the rest where it lies;
//! - a [`Framer`] finds the frames of an answer without copying them, a [`Tap`] reads usage and the end
//!   of the answer from those frames;
//! - a [`Fault`] is rendered in the client's dialect, an [`UpstreamFault`] is read from the upstream's.
//!
//! A request that must go to another dialect is read into a [`Prompt`] and written from it, and what
//! does not arrive as it was sent is named in [`Losses`].
//!
//! An answer in another dialect than the client's is taken apart: a [`Decoder`] turns it into [`Event`]s,
//! an [`Encoder`] writes them as the client reads them and names what is lost.
//!
//! What is true of a whole dialect (its paths, its headers, its ways) is among its [`Facts`]; a [`Trial`] is
//! the plainest call that can be made in it.
//!
//! What an operator has a channel do to its calls is a [`Shape`], which edits the same way.
//!
//! Nothing here does IO, knows the time or panics on what comes from outside.

mod codex;
mod depth;
mod edit;
mod event;
mod facts;
mod fault;
mod framing;
mod intent;
mod json;
mod keep_alive;
mod kept;
mod losses;
mod members;
mod models;
mod multipart;
mod opaque;
mod prefix;
mod prompt;
mod reshape;
mod scan;
mod session;
mod shape;
mod socket;
mod tap;
mod text_len;
mod trial;

pub use codex::{
    CodexRequest, FoldTooLarge, ResponseFold, codex_compact_request, codex_request,
    is_of_the_account,
};
pub use edit::{Edit, rewrite_results_url, splice};
pub use event::{
    Answer, AnswerFold, AnswerIntent, AnswerPart, AnswerTooLarge, At, Choice, Citation, Decoder,
    Delivery, Delta, EmbeddingShape, Embeddings, Encoder, Event, Foreign, Logprob, Outcome,
    PartHead, SEAL_MARK, Seal, SealKind, Start, Stop, ThinkingForm, ToolAlias, ToolHead, ToolKind,
    Vector, read_embeddings, read_token_count, render_embeddings, render_token_count,
};
pub use facts::{Facts, KeyPlace, facts, recognise};
pub use fault::{
    Fault, FaultKind, Rendered, StreamShape, UpstreamFault, fault_of, is_error_body,
    looks_like_html, read_fault, render_fault, render_fault_frame,
};
pub use framing::{Batch, Frame, FrameTooLarge, Framer, JsonArrayFramer, Limits, SseFramer};
pub use intent::{Field, Intent, PeekError, peek};
pub use json::{json_string, to_json};
pub use keep_alive::keep_alive;
pub use kept::{
    ItemPage, ResponseGathering, StateNote, finished_id, go_on, input_items, output_items,
};
pub use losses::{Loss, LossKind, Losses};
pub use models::{ModelCard, ModelShape, Page, render_model, render_models};
pub use multipart::peek_multipart;
pub use opaque::{has_envelope, has_sealed_reasoning, is_foreign_state};
pub use prefix::beginning;
pub use prompt::{
    Budget, Call, CallKind, Custom, Document, Effort, EmbedPrompt, Family, Format, Function, Given,
    Hosted, JsonSchema, Logprobs, Media, Part, Piece, Prompt, PromptError, Proof, Reasoning, Role,
    Sampling, Source, Summary, System, Target, Thinking, Tier, Tool, ToolChoice, ToolForm,
    ToolResult, Turn, Unknown, Untranslatable, decode_count, decode_embed, decode_prompt,
    encode_count, encode_embed, encode_prompt,
};
pub use session::session_from_headers;
pub use shape::{
    ErrorRules, HeaderChange, HeaderFacts, Named, Scene, Shape, Shaped, Think, Told, fits,
};
pub use socket::{CreateEvent, TurnStep, join_items, turn_step};
pub use tap::{Reading, Sight, Tap, estimate, tap, usage_in_tail};
pub use text_len::text_len;
pub use trial::{Heard, ToolCall, Trial, TrialTool};
