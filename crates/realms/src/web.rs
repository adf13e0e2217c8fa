//! The web app, embedded and precompressed.

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::RustEmbed;

/// What the browser may load: this site's own files, nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'";

/// What no page of the console ever asks a browser for.
const UNUSED: &str =
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// Shown when the program was built without the web app.
const PLAIN: &str = "Realms is running.\n\nThis build has no web pages: run `make run`, or see the README for \
    `realms apply`.\nState: /healthz\n";

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
struct Dist;

/// The pages. Whatever is no file and no API path is a page of the app.
pub(crate) fn router() -> Router {
    Router::new().route("/", get(page)).fallback(file)
}

async fn page(headers: HeaderMap) -> Response {
    serve("index.html", &headers, true)
}

async fn file(request: Request<Body>) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") || path == "api" {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match Dist::get(path) {
        Some(_) if path != "index.html" => serve(path, request.headers(), false),
        // A file that is gone must not come back as a page.
        None if path.starts_with("assets/") => StatusCode::NOT_FOUND.into_response(),
        _ => serve("index.html", request.headers(), true),
    }
}

fn serve(path: &str, request: &HeaderMap, page: bool) -> Response {
    let Some((content, coding)) = best(path, request) else {
        return (StatusCode::OK, PLAIN).into_response();
    };
    let hash = content.metadata.sha256_hash();
    let tag = format!("\"{:032x}\"", u128::from_be_bytes(first_half(hash)));
    let known =
        request.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(content.data.into_owned()))
    };
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, content_type(path));
    set(header::ETAG, &tag);
    set(header::VARY, "accept-encoding");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // No other site shows or measures what is here.
    set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        header::CACHE_CONTROL,
        if path.starts_with("assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        },
    );
    if let Some(coding) = coding {
        set(header::CONTENT_ENCODING, coding);
    }
    if page {
        set(header::CONTENT_SECURITY_POLICY, POLICY);
        set(header::REFERRER_POLICY, "no-referrer");
        set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(header::HeaderName::from_static("permissions-policy"), UNUSED);
    }
    response
}

/// The smallest form the browser understands.
fn best(
    path: &str,
    request: &HeaderMap,
) -> Option<(rust_embed::EmbeddedFile, Option<&'static str>)> {
    let accepted = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let understands = |coding: &str| {
        accepted.split(',').any(|one| one.split(';').next().unwrap_or_default().trim() == coding)
    };
    for (coding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if understands(coding)
            && let Some(file) = Dist::get(&format!("{path}.{suffix}"))
        {
            return Some((file, Some(coding)));
        }
    }
    Dist::get(path).map(|file| (file, None))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "webmanifest" => "application/json",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn first_half(hash: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}
