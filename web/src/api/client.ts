/** The one way to the server: adds who is asking, bounds the wait, and turns every failure into an `ApiProblem`. */
import type { Client, ClientPathsWithMethod, MethodResponse } from "openapi-fetch";

import { ApiProblem, problemOf } from "./problem";
import type { paths } from "./schema";

const defaultTimeoutMs = 30_000;

type QueryValue = string | number | boolean | undefined | readonly (string | number)[];

export interface CallOptions {
  /** Left out where undefined; lists are joined with commas. */
  query?: Record<string, QueryValue>;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** The `ETag` of what is changed: the server refuses with `changed` when it has moved on. */
  ifMatch?: string | undefined;
  headers?: Record<string, string>;
}

/** A value with the tag of its version. */
export interface Tagged<T> {
  value: T;
  etag: string | undefined;
}

// === who is asking ===

let userId: string | undefined;
let onSessionLost: () => void = () => undefined;
let onForbidden: () => void = () => undefined;

/** Names the signed-in user in every call from here on; the server refuses a session of someone else. */
export function actAs(id: string | undefined): void {
  userId = id;
}

/** What to do when the session is over (401), or may be another user's by now (403). */
export function watchSession(watcher: { lost: () => void; forbidden: () => void }): void {
  onSessionLost = watcher.lost;
  onForbidden = watcher.forbidden;
}

// === one call ===

/** Sends a request. Resolves with a success only; a caller's own abort is passed on as it is. */
export async function send(
  request: Request,
  timeoutMs: number | undefined = defaultTimeoutMs,
): Promise<Response> {
  const headers = new Headers(request.headers);
  if (!headers.has("accept")) headers.set("accept", "application/json");
  if (userId !== undefined) headers.set("realms-user", userId);
  const asked = userId;
  const response = await answerTo(new Request(request, { headers }), timeoutMs);
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (asked !== undefined && problem.code === "unauthenticated") onSessionLost();
  if (asked !== undefined && problem.code === "forbidden") onForbidden();
  throw problem;
}

async function answerTo(request: Request, timeoutMs: number): Promise<Response> {
  const deadline = new AbortController();
  const timer =
    timeoutMs === Number.POSITIVE_INFINITY
      ? undefined
      : setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return await fetch(request, {
      credentials: "same-origin",
      signal: AbortSignal.any([request.signal, deadline.signal]),
    });
  } catch (error) {
    if (request.signal.aborted) throw error;
    const code = deadline.signal.aborted ? "timeout" : "unreachable";
    throw new ApiProblem({ code, detail: String(error) }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function call(
  method: string,
  path: string,
  body: unknown,
  options: CallOptions,
): Promise<Response> {
  const headers: Record<string, string> = { ...options.headers };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (options.ifMatch !== undefined) headers["if-match"] = options.ifMatch;
  const request = new Request(addressOf(path, options.query), {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(options.signal && { signal: options.signal }),
  });
  return send(request, options.timeoutMs);
}

async function json<T>(response: Response): Promise<T> {
  if (response.status === 204 || response.headers.get("content-length") === "0") {
    return undefined as T;
  }
  try {
    return (await response.json()) as T;
  } catch (error) {
    const detail = `status ${response.status}, no JSON`;
    throw new ApiProblem({ code: "unreadable", status: response.status, detail }, { cause: error });
  }
}

type Server = Client<paths>;
/** What the server's document says a route answers. */
type Answer<
  Method extends "get" | "post" | "put" | "patch",
  Route extends RouteOf<Method>,
> = MethodResponse<Server, Method, Route>;
type RouteOf<Method extends "get" | "post" | "put" | "patch"> = ClientPathsWithMethod<
  Server,
  Method
>;

function get<Route extends RouteOf<"get">>(
  route: Route,
  options?: CallOptions,
): Promise<Answer<"get", Route>>;
function get<T>(path: string, options?: CallOptions): Promise<T>;
function get(path: string, options: CallOptions = {}): Promise<unknown> {
  return call("GET", path, undefined, options).then(json);
}

function post<Route extends RouteOf<"post">>(
  route: Route,
  body?: unknown,
  options?: CallOptions,
): Promise<Answer<"post", Route>>;
function post<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T>;
function post(path: string, body?: unknown, options: CallOptions = {}): Promise<unknown> {
  return call("POST", path, body, options).then(json);
}

function put<Route extends RouteOf<"put">>(
  route: Route,
  body: unknown,
  options?: CallOptions,
): Promise<Answer<"put", Route>>;
function put<T = void>(path: string, body: unknown, options?: CallOptions): Promise<T>;
function put(path: string, body: unknown, options: CallOptions = {}): Promise<unknown> {
  return call("PUT", path, body, options).then(json);
}

function patch<Route extends RouteOf<"patch">>(
  route: Route,
  body: unknown,
  options?: CallOptions,
): Promise<Answer<"patch", Route>>;
function patch<T = void>(path: string, body: unknown, options?: CallOptions): Promise<T>;
function patch(path: string, body: unknown, options: CallOptions = {}): Promise<unknown> {
  return call("PATCH", path, body, options).then(json);
}

/** A route of the server's document, given as it stands there, has its answer's type; a path with parts
    in it (``path`…` ``) is told its type by who asks. */
export const api = {
  get,
  post,
  put,
  patch,
  delete: <T = void>(path: string, options: CallOptions = {}) =>
    call("DELETE", path, undefined, options).then(json<T>),
  /** One thing and the tag of its version, to be sent back as `ifMatch`. */
  async getTagged<T>(path: string, options: CallOptions = {}): Promise<Tagged<T>> {
    const response = await call("GET", path, undefined, options);
    return { value: await json<T>(response), etag: response.headers.get("etag") ?? undefined };
  },
  /** The answer itself, for streams and downloads. No time limit: the caller's `signal` ends it. */
  raw: (method: string, path: string, body: unknown, options: CallOptions = {}) =>
    call(method, path, body, { timeoutMs: Number.POSITIVE_INFINITY, ...options }),
};

/**
 * `fetch` in the name of the signed-in user. Unlike `api`, a refusal is an answer to it: what a relay
 * says in its own dialect is for the caller to read.
 */
export const fetchAsUser: typeof fetch = (input, init) => {
  const request = new Request(
    typeof input === "string" ? new URL(input, window.location.origin) : input,
    init,
  );
  if (userId !== undefined) request.headers.set("realms-user", userId);
  return fetch(request, { credentials: "same-origin" });
};

/** `fetch` as a client with an API key does it: nothing of the session goes along. */
export const fetchWithKey = (path: string, key: string, signal: AbortSignal): Promise<Response> =>
  fetch(new URL(path, window.location.origin), {
    headers: { authorization: `Bearer ${key}` },
    credentials: "omit",
    signal,
  });

// === addresses ===

/** A path with its parts encoded: ``path`/api/tokens/${id}` ``. */
export function path(strings: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw({ raw: strings }, ...parts.map(encodeURIComponent));
}

/** The address of a path on this site, with a query. */
export function addressOf(path: string, query: CallOptions["query"] = {}): string {
  const url = new URL(path, window.location.origin);
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
    if (text !== "") url.searchParams.set(name, text);
  }
  return url.href;
}
