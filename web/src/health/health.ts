/** The state of this Realms, as `GET /healthz` tells it. */
export interface Health {
  /** Whether calls can be served. */
  ok: boolean;
  /** The version of the server, `0.1.0`. */
  version: string;
  /** The day of its build, `2026-11-20`. */
  buildDate: string;
  mode: "self" | "business";
  database: Database;
  /** `needed` while there is no root user. */
  setup: "needed" | "done";
  catalog: Catalog;
  /** How many models can be called. */
  models: number;
  /** The address clients are to use, where the operator set one. */
  baseUrl: string | null;
}

export interface Database {
  /** `ok`, or a word for what is wrong. */
  state: string;
  /** Round trip of a trivial statement; `null` when it did not answer. */
  latencyMs: number | null;
  /** `sqlite`, `postgres` or `mysql`. */
  kind: string;
}

export interface Catalog {
  /** Grows with each change of the configuration. */
  version: number;
  /** How many rows the last load refused; the last good catalogue stays in force. */
  defects: number;
}

/** Something answered, but it is not the state of a Realms. */
export class UnreadableHealth extends Error {
  override name = "UnreadableHealth";
}

/** Asks the server. A 503 carries the state too, so the body decides, not the status. */
export async function fetchHealth(signal: AbortSignal): Promise<Health> {
  const response = await fetch("/healthz", { signal, headers: { accept: "application/json" } });
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    throw new UnreadableHealth(`GET /healthz: status ${response.status}, no JSON`);
  }
  return readHealth(body);
}

/** Reads the JSON of `/healthz`; names the first field that is not as it should be. */
export function readHealth(body: unknown): Health {
  const health = fields(body, "body");
  const database = fields(health.database, "database");
  const catalog = fields(health.catalog, "catalog");
  return {
    ok: check(health, "ok", isBoolean),
    version: check(health, "version", isText),
    buildDate: check(health, "build_date", isText),
    mode: check(health, "mode", isOneOf("self", "business")),
    setup: check(health, "setup", isOneOf("needed", "done")),
    models: check(health, "models", isNumber),
    baseUrl: check(health, "base_url", isTextOrNothing) ?? null,
    database: {
      state: check(database, "state", isText),
      latencyMs: check(database, "latency_ms", isNumberOrNothing) ?? null,
      kind: check(database, "kind", isText),
    },
    catalog: {
      version: check(catalog, "version", isNumber),
      defects: check(catalog, "defects", isNumber),
    },
  };
}

type Fields = Record<string, unknown>;

function fields(value: unknown, name: string): Fields {
  if (typeof value === "object" && value !== null) return value as Fields;
  throw new UnreadableHealth(`GET /healthz: ${name} is no object`);
}

function check<T>(from: Fields, name: string, is: (value: unknown) => value is T): T {
  const value = from[name];
  if (is(value)) return value;
  throw new UnreadableHealth(`GET /healthz: ${name} is ${JSON.stringify(value) ?? "missing"}`);
}

const isBoolean = (value: unknown) => typeof value === "boolean";
const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";
const isNumberOrNothing = (value: unknown): value is number | null | undefined =>
  value === null || value === undefined || typeof value === "number";
const isTextOrNothing = (value: unknown): value is string | null | undefined =>
  value === null || value === undefined || typeof value === "string";
const isOneOf =
  <Word extends string>(...words: Word[]) =>
  (value: unknown): value is Word =>
    words.some((word) => word === value);
