//! The /api handlers, problem responses, OpenAPI, and configuration as code.
