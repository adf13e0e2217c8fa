/** Errors in the envelopes of the dialects, and the console's own. */

import type { PlayError } from "./conversation";
import { at, type Json, textAt } from "./event";

const longestMessage = 4_096;

/** What an error body says; a body that is none of ours is shown as text. */
export function readError(body: Json, status?: number): PlayError {
  const inside = Array.isArray(body) ? (body as Json[])[0] : body;
  const error = at(inside, "error") ?? inside;
  const message =
    textAt(error, "message") ??
    textAt(inside, "detail") ??
    textAt(inside, "title") ??
    (typeof error === "string" && error !== "" ? error : undefined) ??
    (typeof body === "string" ? body : undefined);
  const code =
    textAt(error, "code") ??
    textAt(error, "status") ??
    textAt(error, "type") ??
    textAt(inside, "code");
  return {
    message: (message ?? "").slice(0, longestMessage),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
  };
}

/** The id of the request: Realms' own header, else what the body carries. */
export function requestIdOf(headers: Headers, body?: Json): string | undefined {
  return (
    headers.get("x-request-id") ??
    headers.get("request-id") ??
    textAt(body, "request_id") ??
    undefined
  );
}
