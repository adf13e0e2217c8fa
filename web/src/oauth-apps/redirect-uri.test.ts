import { describe, expect, it } from "vitest";

import { hostOf, isHomepage, redirectMistake } from "./redirect-uri";

describe("a user may be sent", () => {
  it.each([
    ["https://app.example/cb", "app.example"],
    ["https://app.example:8443/cb?from=realms", "app.example:8443"],
    ["http://localhost/cb", "localhost"],
    ["http://127.0.0.1:8123/cb", "127.0.0.1:8123"],
    ["http://[::1]:1/cb", "[::1]:1"],
    ["com.example.app:/cb", "com.example.app"],
  ])("to %s, which is said to be at %s", (address, host) => {
    expect(redirectMistake(address)).toBeUndefined();
    expect(hostOf(address)).toBe(host);
  });

  it.each([
    ["", "form"],
    ["/cb", "form"],
    ["https://", "form"],
    ["https://app.example/a b", "form"],
    ["https://app.example/\u56de", "form"],
    ["https://app.example/cb#here", "fragment"],
    ["https://app.example/#", "fragment"],
    ["https://me:secret@app.example/cb", "credentials"],
    ["https://me@app.example/cb", "credentials"],
    ["http://app.example/cb", "plain_http"],
    ["http://localhost.evil.example/cb", "plain_http"],
    ["http://127.0.0.1.evil.example/cb", "plain_http"],
    ["javascript:alert(1)", "scheme"],
    ["data:text/html,x", "scheme"],
    ["myapp:cb", "scheme"],
    [`https://app.example/${"a".repeat(500)}`, "long"],
  ])("not to %j: %s", (address, mistake) => {
    expect(redirectMistake(address)).toBe(mistake);
    expect(hostOf(address)).toBeUndefined();
  });
});

it.each([
  ["https://app.example", true],
  ["http://app.example", false],
  ["app.example", false],
  ["javascript:alert(1)", false],
])("more can be read at %s: %j", (address, is) => {
  expect(isHomepage(address)).toBe(is);
});
