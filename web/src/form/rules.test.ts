import { describe, expect, it } from "vitest";
import type { ZodMiniType } from "zod/mini";

import * as rules from "./rules";

/** The message of the first issue, or the value that passed. */
function judge(rule: ZodMiniType, value: unknown): unknown {
  const result = rule.safeParse(value);
  return result.success ? result.data : result.error.issues[0]?.message;
}

describe("a rule", () => {
  it.each([
    ["text", rules.text(), "  a b ", "a b"],
    ["text, empty", rules.text(), "  ", "required"],
    ["text, long", rules.text({ most: 3 }), "abcd", "too_long:3"],
    ["user name", rules.username(), "ana.b-c_d", "ana.b-c_d"],
    ["user name with a space", rules.username(), "ana b", "username"],
    ["e-mail", rules.email(), " a@b.org ", "a@b.org"],
    ["e-mail without a place", rules.email(), "a@b", "email"],
    ["e-mail, none", rules.optionalEmail(), "", ""],
    ["password keeps its spaces", rules.newPassword(), " eight ch ", " eight ch "],
    ["password, short", rules.newPassword(), "seven c", "too_short:8"],
    ["code with a space", rules.sixDigits(), "123 456", "123456"],
    ["code, letters", rules.sixDigits(), "12345a", "code"],
    ["whole number from text", rules.wholeNumber({ least: 1 }), " 12 ", 12],
    ["whole number, small", rules.wholeNumber({ least: 1 }), "0", "at_least:1"],
    ["whole number, broken", rules.wholeNumber(), "1.5", "number"],
    ["count, none", rules.optionalCount(), " ", ""],
    ["count stays text", rules.optionalCount(), " 60 ", "60"],
    ["count, nothing", rules.optionalCount(), "0", "at_least:1"],
    ["count, broken", rules.optionalCount(), "1.5", "number"],
    ["count, too large", rules.optionalCount(), "4294967296", "at_most:4294967295"],
    ["price stays text", rules.usd(), "0.100000001", "0.100000001"],
    ["price, exponent", rules.usd(), "1e3", "price"],
    ["address", rules.httpUrl(), "http://10.0.0.1:8080/v1", "http://10.0.0.1:8080/v1"],
    ["address without scheme", rules.httpUrl(), "example.org", "url"],
  ])("%s", (_, rule, value, expected) => {
    expect(judge(rule, value)).toEqual(expected);
  });
});
