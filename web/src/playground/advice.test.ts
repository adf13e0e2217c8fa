import { expect, it } from "vitest";

import { adviceOf } from "./advice";

it.each([
  [{ status: 401, code: "invalid_api_key" }, "key"],
  [{ status: 402, code: "insufficient_balance" }, "balance"],
  [{ status: 429, code: "insufficient_quota" }, "balance"],
  [{ status: 404, code: "model_not_found" }, "model"],
  [{ status: 400, code: "context_length_exceeded" }, "too_large"],
  [{ status: 413 }, "too_large"],
  [{ status: 429, code: "rate_limit_exceeded" }, "limited"],
  [{ status: 422 }, "request"],
  [{ status: 500 }, "server"],
  [{ status: 529, code: "overloaded_error" }, "upstream"],
  [{ code: "overloaded_error" }, "upstream"],
  [{ code: "RESOURCE_EXHAUSTED" }, "limited"],
  [{ code: "network" }, undefined],
  [{}, undefined],
])("%j: %s", (error, advice) => {
  expect(adviceOf({ message: "", ...error })).toBe(advice);
});
