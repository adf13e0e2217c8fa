/** A call that is only thought of, and how it stands in the address of the page. */
import type { Dialect, SimulateRequest, SimulateResult } from "@/api/types";
import { dialects } from "@/api/words";

/** Who would call: exactly one of them is said. */
export const callers = ["user_group", "user", "api_key"] as const;
export type CallerKind = (typeof callers)[number];

/** What the server is asked. Channels and people by name or id, keys by id. */
export type Simulation = SimulateRequest;

/** The decision, and what the client would be told if nobody could be asked. */
export type Simulated = SimulateResult;

/** The address of the page: `?api_key=ak_12&model=gpt-5.2&dialect=chat&without=pro-1,pro-2&request=…`. */
export interface RoutingSearch {
  user?: string;
  api_key?: string;
  user_group?: string;
  model?: string;
  dialect?: Dialect;
  session?: true;
  seed?: string;
  without?: string;
  /** The request whose recorded decision this is compared with. */
  request?: string;
}

/** Keeps what the page knows; what is no text is dropped. */
export function routingSearch(search: Record<string, unknown>): RoutingSearch {
  const kept: RoutingSearch = {};
  for (const name of [...callers, "model", "seed", "without", "request"] as const) {
    const value = search[name];
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text === "string" && text !== "") kept[name] = text;
  }
  const dialect = dialects.find((one) => one === search.dialect);
  if (dialect) kept.dialect = dialect;
  if (search.session === true || search.session === "true") kept.session = true;
  return kept;
}

/** The channels left out. */
export const withoutOf = ({ without }: RoutingSearch): string[] =>
  without?.split(",").filter(Boolean) ?? [];

/** What the address asks; `undefined` while it does not say enough. `seed` holds where the address names none. */
export function simulationOf(search: RoutingSearch, seed?: string): Simulation | undefined {
  const { model, dialect = "responses", session } = search;
  const caller = callers.find((kind) => search[kind] !== undefined);
  if (model === undefined || caller === undefined) return undefined;
  const without = withoutOf(search);
  const chosen = search.seed ?? seed;
  return {
    [caller]: search[caller],
    model,
    dialect,
    ...(session && { session }),
    ...(without.length > 0 && { without_channels: without }),
    ...(chosen !== undefined && { seed: chosen }),
  };
}
