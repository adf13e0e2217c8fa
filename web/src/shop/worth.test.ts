import { describe, expect, it } from "vitest";

import type { CurrencyOffer } from "@/api/types";
import { amountMistake, minorOf, worthOf } from "./worth";

const yuan: CurrencyOffer = {
  credit_usd: "0.14",
  minimum: "10.00",
  presets: ["10.00", "50.00"],
  bonuses: [
    { from: "100.00", extra: "0.1" },
    { from: "50.00", extra: "0.05" },
  ],
};
const yen: CurrencyOffer = { credit_usd: "0.0065", minimum: "500", presets: [], bonuses: [] };

describe("what an amount is worth", () => {
  it("is its rate and the highest bonus it reaches, as the server reckons", () => {
    expect(worthOf("10", yuan)).toEqual({ paid: "1.4", bonus: "0" });
    expect(worthOf("49.99", yuan)).toEqual({ paid: "6.9986", bonus: "0" });
    expect(worthOf("50", yuan)).toEqual({ paid: "7", bonus: "0.35" });
    expect(worthOf("100.00", yuan)).toEqual({ paid: "14", bonus: "1.4" });
    expect(worthOf("1000", yen)).toEqual({ paid: "6.5", bonus: "0" });
  });

  it("knows what is no amount of a currency", () => {
    expect(minorOf("10.5", yuan)).toBe(1050n);
    for (const none of ["", "ten", "-5", "1.234", "1e3", "1,000"]) {
      expect(minorOf(none, yuan)).toBeUndefined();
    }
    expect(minorOf("10.5", yen)).toBeUndefined();
    expect(amountMistake("9.99", yuan)).toBe("too_little");
    expect(amountMistake("10", yuan)).toBeUndefined();
    expect(amountMistake("x", yuan)).toBe("form");
  });
});
