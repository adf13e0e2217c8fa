import { describe, expect, it } from "vitest";

import { addressesOf, addressForms, addressMistake, leadsElsewhere, newAddress } from "./addresses";

describe("further addresses", () => {
  it("are read in both forms and written with nothing left out", () => {
    const endpoints = ["https://a.example", { base_url: "https://b.example", priority: -5 }];
    expect(addressForms(addressesOf({ endpoints }))).toEqual([
      { base_url: "https://a.example", priority: -1, enabled: true },
      { base_url: "https://b.example", priority: -5, enabled: true },
    ]);
    expect(addressesOf({})).toEqual([]);
  });

  it.each([
    ["https://b.example/v1", "-1", undefined],
    ["b.example", "-1", "url"],
    ["ftp://b.example", "-1", "url"],
    ["", "-1", "url"],
    ["https://A.example/v1/", "-1", "taken"],
    ["https://b.example", "0", "priority"],
    ["https://b.example", "high", "priority"],
  ])("%s at %s: %s", (base_url, priority, expected) => {
    const one = { ...newAddress, base_url, priority };
    expect(addressMistake(0, [one], "https://a.example/v1")).toBe(expected);
  });

  it.each([
    [["https://a.example/v1"], ["https://a.example/v2"], false],
    [["https://a.example", "https://b.example"], ["https://b.example"], false],
    [["https://a.example"], ["https://a.example", "http://a.example"], true],
    [["https://a.example"], ["https://a.example", "https://a.example:8443"], true],
    [["https://a.example"], ["https://a.example", "half"], false],
  ])("%j to %j leads elsewhere: %s", (before, after, expected) => {
    expect(leadsElsewhere(before, after)).toBe(expected);
  });
});
