import { describe, expect, it } from "vitest";

import { hasLogin, proxyMistake, proxyText } from "./proxy";

describe("a proxy in a form", () => {
  it.each([
    ["http://p.example:3128", undefined, "http://p.example:3128"],
    [" socks5h://***@p.example:1080 ", undefined, "socks5h://***@p.example:1080"],
    ["socks5h://***@p.example:1080", "a:b", "socks5h://a:b@p.example:1080"],
    ["http://p.example", "us@er:p:w/%", "http://us%40er:p%3Aw%2F%25@p.example"],
    ["", "a:b", ""],
  ])("%j with the login %j is sent as %j", (proxy, login, expected) => {
    expect(proxyText({ proxy, login })).toBe(expected);
  });

  it.each([
    ["", undefined, undefined, undefined],
    ["p.example:1080", undefined, undefined, "form"],
    ["socks4://p.example", undefined, undefined, "form"],
    ["http://p.example/path", undefined, undefined, "form"],
    ["http://p.example", undefined, undefined, undefined],
    ["http://p.example", "nobody", undefined, "login"],
    ["http://***@p.example", undefined, "http://***@p.example", undefined],
    ["http://***@p.example", undefined, "http://***@other.example", "moved"],
    ["socks5://***@p.example", undefined, "http://***@p.example", "moved"],
    ["http://***@p.example", undefined, undefined, "moved"],
    ["http://***@p.example", "a:b", "http://***@other.example", undefined],
    ["http://p.example", undefined, "http://***@other.example", undefined],
  ] as const)("%j, login %j, over %j: %j", (proxy, login, before, expected) => {
    expect(proxyMistake({ proxy, login }, before)).toBe(expected);
  });

  it("knows whether a login is kept", () => {
    expect(["http://***@p", "http://a:b@p", "http://p", ""].map(hasLogin)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
