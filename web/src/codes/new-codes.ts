/** Codes to be made, as a form holds them and as the server takes them. */
import * as z from "zod/mini";

import type { NewCodes } from "@/api/types";
import { instantOf } from "@/filter/zone-time";
import { text, usd, wholeNumber } from "@/form/rules";

/** Codes that are made at once. */
export const mostCodes = 1_000;

export const newCodesSchema = z
  .object({
    batch: text({ most: 64 }),
    worth: z.enum(["money", "time"]),
    amount_usd: z.string().check(z.trim()),
    /** A short name. */
    plan: z.string(),
    kind: z.enum(["generated", "own"]),
    count: z.string(),
    code: z.string().check(z.trim()),
    uses: wholeNumber({ least: 1, most: 1_000_000_000 }),
    /** Day and time as the clock of the reader shows it; empty: no end. */
    expires: z
      .string()
      .check(z.refine((wall) => wall === "" || instantOf(wall) !== undefined, { error: "moment" })),
  })
  .check(({ value, issues }) => {
    const mistake = (path: string, message: string) =>
      issues.push({ code: "custom", message, path: [path], input: value });
    if (value.worth === "time") {
      if (value.plan === "") mistake("plan", "required");
    } else {
      const amount = usd().safeParse(value.amount_usd);
      if (!amount.success) mistake("amount_usd", amount.error.issues[0]?.message ?? "price");
    }
    if (value.kind === "own") {
      if (value.code === "") mistake("code", "required");
      else if (!/^[A-Za-z0-9-]{8,64}$/.test(value.code)) mistake("code", "redemption_code");
    } else {
      const count = wholeNumber({ least: 1, most: mostCodes }).safeParse(value.count);
      if (!count.success) mistake("count", count.error.issues[0]?.message ?? "number");
    }
  });

export const draft = {
  batch: "",
  worth: "money" as "money" | "time",
  amount_usd: "",
  plan: "",
  kind: "generated" as "generated" | "own",
  count: "10",
  code: "",
  uses: "1" as string | number,
  expires: "",
};

export type CheckedCodes = z.output<typeof newCodesSchema>;

/** What the server is asked to make. */
export function newCodesOf(checked: CheckedCodes, zone?: string): NewCodes {
  const expires_at = instantOf(checked.expires, zone);
  return {
    batch: checked.batch,
    ...(checked.worth === "time" ? { plan: checked.plan } : { amount_usd: checked.amount_usd }),
    ...(checked.kind === "own" ? { code: checked.code } : { count: Number(checked.count) }),
    most_uses: checked.uses,
    ...(expires_at !== undefined && { expires_at }),
  };
}
