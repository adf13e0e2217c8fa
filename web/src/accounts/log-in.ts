/** A log-in that has begun, and why it may be over without an account. */
import { type ApiProblem, asProblem } from "@/api/problem";

export interface Begun {
  /** The address to open. */
  readonly url: string;
  /** Until when it can be finished. */
  readonly until: string;
  /** Whether a browser on the machine of Realms comes back by itself. */
  readonly comesBack: boolean;
}

/** What a vendor sends back with a browser; nothing where this is no such thing. */
export function parametersIn(query: string): { state: string } | undefined {
  const parameters = new URLSearchParams(query);
  const state = parameters.get("state") ?? "";
  const isOne = state !== "" && (parameters.has("code") || parameters.has("error"));
  return isOne ? { state } : undefined;
}

/** Which log-in an address begins. */
export const stateOf = (url: string): string =>
  new URL(url, "http://localhost").searchParams.get("state") ?? "";

export interface Failure {
  /** The words for it. */
  readonly word: "expired" | "other" | "conflict" | "vendor";
  /** The server's own English, where it says more. */
  readonly detail: string;
}

/** The failure of a log-in that cannot be finished any more; `undefined`: the same address can be sent again. */
export function failureOf(error: unknown): Failure | undefined {
  const problem = asProblem(error);
  const word = wordOf(problem);
  const isSaid = word === "expired" || word === "other";
  return word && { word, detail: isSaid ? "" : problem.detail };
}

function wordOf({ code, params }: ApiProblem): Failure["word"] | undefined {
  if (code === "expired") return "expired";
  if (code === "forbidden") return "other";
  // The code in the address works once, and was used.
  if (code === "conflict") return "conflict";
  return params.failure === "vendor" ? "vendor" : undefined;
}
