import { describe, expect, it } from "vitest";

import { ApiProblem } from "@/api/problem";
import { atFields, fieldsOf, freshSettings, kindsOf, newSecret, settingsOf } from "./settings";
import { targetDraftOf } from "./target-draft";
import { mistakeIn } from "./use-schema";

describe("the settings of a target", () => {
  it("are those of its kind alone, without what was left empty", () => {
    const all = { ...freshSettings("slack"), url: "https://a.example", secret: "s", token: "t" };
    expect(settingsOf("slack", all)).toEqual({ kind: "slack", url: "https://a.example" });
    expect(settingsOf("feishu", { ...all, secret: "" })).toEqual({
      kind: "feishu",
      url: "https://a.example",
    });
    expect(settingsOf("telegram", { ...all, chat_id: "-1" })).toEqual({
      kind: "telegram",
      token: "t",
      chat_id: "-1",
    });
  });

  it("of users have no e-mail: their address is proved elsewhere", () => {
    expect(kindsOf.me).not.toContain("email");
    expect([...kindsOf.site].sort()).toEqual(Object.keys(fieldsOf).sort());
  });

  it("begin with a secret where one is needed, each time another", () => {
    const { secret } = freshSettings("webhook");
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newSecret()).not.toBe(secret);
    expect(freshSettings("feishu").secret).toBe("");
  });

  it.each([
    ["webhook", "url", "ftp://a.example", "url"],
    ["webhook", "url", "https://", "url"],
    ["webhook", "url", `https://a.example/${"x".repeat(1_000)}`, "too_long:1000"],
    ["webhook", "url", "http://a.example", undefined],
    ["webhook", "secret", "short", "too_short:16"],
    ["webhook", "secret", "x".repeat(129), "too_long:128"],
    ["webhook", "secret", "", "required"],
    ["dingtalk", "secret", "", undefined],
    ["dingtalk", "secret", "a b", "token"],
    ["telegram", "token", "12:a/../b", "token"],
    ["telegram", "token", "12:AbC-_", undefined],
    ["telegram", "chat_id", "@news", undefined],
    ["telegram", "api_base", "x", "url"],
    ["telegram", "api_base", "", undefined],
    ["bark", "device_key", "", "required"],
    ["bark", "device_key", "x".repeat(257), "too_long:256"],
  ] as const)("%s: %s %j is %s", (kind, field, value, mistake) => {
    const draft = { ...targetDraftOf("me", undefined, "en"), kind, [field]: value };
    expect(mistakeIn(draft, field)).toBe(mistake);
  });

  it("of an e-mail are one address at least, and ten at most", () => {
    const draft = targetDraftOf("site", undefined, "en");
    expect(mistakeIn(draft, "to")).toBe("required");
    const to = Array.from({ length: 11 }, (_, at) => `${at}@example.org`);
    expect(mistakeIn({ ...draft, to }, "to")).toBe("too_many:10");
  });

  it("have the server's mistakes at their fields", () => {
    const fields = ["/settings/url", "/settings/to/0", "/name"].map((pointer) => ({
      pointer,
      code: "invalid",
      detail: "",
    }));
    const placed = atFields(new ApiProblem({ code: "invalid", fields })).fields;
    expect(placed.map(({ pointer }) => pointer)).toEqual(["/url", "/to", "/name"]);
  });
});
