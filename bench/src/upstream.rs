//! The fake vendor: reads the script from the model's name and answers in the dialect of the path.

use std::{convert::Infallible, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use tokio::time::{self, MissedTickBehavior};

use crate::{
    listen,
    payload::Answers,
    script::{Dialect, Script},
};

type Reply = Response<BoxBody<Bytes, Infallible>>;

/// Answers until the parent process ends.
pub(crate) async fn serve() -> Result<()> {
    let answers = Arc::new(Answers::new());
    listen::serve(move |request| answer(Arc::clone(&answers), request)).await
}

async fn answer(answers: Arc<Answers>, request: Request<Incoming>) -> Reply {
    follow(&answers, request).await.unwrap_or_else(|error| {
        let mut reply = reply("text/plain", stream::iter([Bytes::from(format!("{error:#}"))]));
        *reply.status_mut() = StatusCode::BAD_REQUEST;
        reply
    })
}

async fn follow(answers: &Answers, request: Request<Incoming>) -> Result<Reply> {
    let dialect = Dialect::of_path(request.uri().path()).context("no dialect on this path")?;
    let body = request.into_body().collect().await?.to_bytes();
    let answers = answers.of(dialect);
    Ok(match Script::in_body(&body)? {
        Script::Whole => whole(answers.whole.clone()),
        Script::Hold => events(stream::iter(answers.opening()).chain(stream::pending())),
        Script::Stream { events: count, pace } if pace.is_zero() => {
            events(stream::iter(answers.stream(count)))
        }
        Script::Stream { events: count, pace } => events(paced(answers.stream(count), pace)),
    })
}

fn paced(events: Vec<Bytes>, pace: Duration) -> impl Stream<Item = Bytes> {
    let mut ticks = time::interval(pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    stream::unfold((ticks, events.into_iter()), |(mut ticks, mut events)| async move {
        ticks.tick().await;
        events.next().map(|event| (event, (ticks, events)))
    })
}

fn whole(answer: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(answer).boxed());
    let kind = header::HeaderValue::from_static("application/json");
    reply.headers_mut().insert(header::CONTENT_TYPE, kind);
    reply
}

fn events(events: impl Stream<Item = Bytes> + Send + Sync + 'static) -> Reply {
    reply("text/event-stream; charset=utf-8", events)
}

fn reply(kind: &'static str, body: impl Stream<Item = Bytes> + Send + Sync + 'static) -> Reply {
    let body = body.map(|bytes| Ok::<_, Infallible>(Frame::data(bytes)));
    let mut reply = Response::new(BoxBody::new(StreamBody::new(body)));
    reply.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    reply
}
