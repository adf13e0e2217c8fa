import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { ppmOf } from "@/channel-groups/multiplier";
import { optionalUsd, text, wholeNumber } from "@/form/rules";
import { mostDays } from "./queries";
import { windows } from "./windows";

/** As many bytes of UTF-8 the server keeps of a name. */
const longestName = 128;

const bytesOf = (value: string) => new TextEncoder().encode(value).length;

const limit = optionalUsd().check(
  z.refine((value) => value === "" || Number(value) > 0, { error: "above_zero" }),
);

const multiplier = z.string().check(
  z.trim(),
  z.refine((value) => ppmOf(value) !== undefined, { error: "multiplier" }),
  z.refine((value) => ppmOf(value) !== 0n, { error: "above_zero" }),
);

/** What a plan may be, in the words of the page where the usual rules have none. */
export function usePlanSchema() {
  const { t } = useTranslation("subscriptions");
  const price = z.object({
    currency: z
      .string()
      .check(z.trim(), z.regex(/^[A-Za-z]{3}$/, { error: t("mistake.currency") })),
    amount: z.string().check(
      z.trim(),
      z.minLength(1, { error: "required" }),
      z.regex(/^\d{1,15}(?:\.\d{1,3})?$/, { error: "price" }),
      z.refine((value) => value === "" || Number(value) !== 0, { error: "above_zero" }),
    ),
  });
  const prices = z.array(price).check(({ value, issues }) => {
    const codes = value.map(({ currency }) => currency.toUpperCase());
    for (const [at, code] of codes.entries()) {
      if (code === "" || codes.indexOf(code) === at) continue;
      const message = t("mistake.currency_twice");
      issues.push({ code: "custom", message, path: [at, "currency"], input: value });
    }
  });
  const terms = z
    .object({
      days: wholeNumber({ least: 1, most: mostDays }),
      limit_5h: limit,
      limit_1d: limit,
      limit_7d: limit,
      limit_30d: limit,
      multiplier,
    })
    .check(({ value, issues }) => {
      if (windows.some((window) => value[`limit_${window}`] !== "")) return;
      // At the last of them: by then all were passed by.
      const message = t("mistake.no_limit");
      issues.push({ code: "custom", message, path: ["limit_30d"], input: value });
    });
  return z.object({
    code: z
      .string()
      .check(
        z.trim(),
        z.minLength(1, { error: "required" }),
        z.regex(/^[A-Za-z0-9_-]{1,64}$/, { error: "name_form" }),
      ),
    name: text({ most: longestName }).check(
      z.refine((value) => bytesOf(value) <= longestName, { error: t("mistake.name_long") }),
    ),
    enabled: z.boolean(),
    user_groups: z.array(z.string()),
    prices,
    terms,
  });
}
