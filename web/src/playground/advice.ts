/** What a person can do about a failed request. */

import type { PlayError } from "./conversation";

export type Advice =
  | "key"
  | "balance"
  | "model"
  | "too_large"
  | "limited"
  | "request"
  | "upstream"
  | "server";

/** By status, and by the dialects' words where a stream broke off and there is none. */
export function adviceOf({ status, code = "" }: PlayError): Advice | undefined {
  if (/insufficient_quota|billing|credit/i.test(code)) return "balance";
  if (/context_length|request_too_large/i.test(code)) return "too_large";
  switch (status) {
    case 401:
    case 403:
      return "key";
    case 402:
      return "balance";
    case 404:
      return "model";
    case 413:
      return "too_large";
    case 429:
      return "limited";
    case 500:
      return "server";
    case undefined:
      return midway(code);
    default:
      return status >= 500 ? "upstream" : status >= 400 ? "request" : midway(code);
  }
}

function midway(code: string): Advice | undefined {
  if (/rate_limit|RESOURCE_EXHAUSTED/.test(code)) return "limited";
  if (/overloaded|server_error|UNAVAILABLE|INTERNAL|api_error|timeout/i.test(code))
    return "upstream";
  return undefined;
}
