/** What a field accepts. A message is a key of `common:rules`, with its number behind a colon. */
import * as z from "zod/mini";

/** Text without spaces around it. */
export const text = ({ least = 1, most = 200 }: { least?: number; most?: number } = {}) =>
  z
    .string({ error: "required" })
    .check(
      z.trim(),
      z.minLength(least, { error: least <= 1 ? "required" : `too_short:${least}` }),
      z.maxLength(most, { error: `too_long:${most}` }),
    );

/** Text that may be left out: empty counts as nothing. */
export const optionalText = (most = 200) =>
  z.string().check(z.trim(), z.maxLength(most, { error: `too_long:${most}` }));

/** As the server wants it: letters, digits, `_ - .`, 64 at most. */
export const username = () =>
  z
    .string({ error: "required" })
    .check(
      z.trim(),
      z.minLength(1, { error: "required" }),
      z.regex(/^[A-Za-z0-9_.-]{1,64}$/, { error: "username" }),
    );

/** The server decides; here only what is surely none. */
export const email = () =>
  z
    .string({ error: "required" })
    .check(
      z.trim(),
      z.minLength(1, { error: "required" }),
      z.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, { error: "email" }),
    );

export const optionalEmail = () => z.union([z.literal(""), email()]);

/** Any characters, spaces too: 8 to 256. */
export const newPassword = () =>
  z
    .string({ error: "required" })
    .check(
      z.minLength(1, { error: "required" }),
      z.minLength(8, { error: "too_short:8" }),
      z.maxLength(256, { error: "too_long:256" }),
    );

/** Whatever it is, the server compares it. */
export const password = () => z.string().check(z.minLength(1, { error: "required" }));

/** Six digits, spaces between them allowed. */
export const sixDigits = () =>
  z
    .pipe(
      z.string(),
      z.transform((code) => code.replace(/\s/g, "")),
    )
    .check(z.regex(/^\d{6}$/, { error: "code" }));

/** A whole number from an input that gives text. */
export const wholeNumber = ({ least, most }: { least?: number; most?: number } = {}) =>
  z
    .pipe(
      z.union([z.number(), z.string().check(z.regex(/^\s*-?\d+\s*$/, { error: "number" }))]),
      z.transform(Number),
    )
    .check(
      z.int({ error: "number" }),
      z.minimum(least ?? Number.MIN_SAFE_INTEGER, { error: `at_least:${least}` }),
      z.maximum(most ?? Number.MAX_SAFE_INTEGER, { error: `at_most:${most}` }),
    );

/** Dollars as a decimal string, nine decimals at most: text from the field to the server. */
export const usd = () =>
  z
    .string({ error: "required" })
    .check(
      z.trim(),
      z.minLength(1, { error: "required" }),
      z.regex(/^\d{1,12}(?:\.\d{1,9})?$/, { error: "price" }),
    );

export const optionalUsd = () => z.union([z.literal(""), usd()]);

export const httpUrl = () =>
  z.string({ error: "required" }).check(
    z.trim(),
    z.minLength(1, { error: "required" }),
    z.refine((value) => /^https?:\/\/[^\s/]/i.test(value) && URL.canParse(value), {
      error: "url",
    }),
  );

/** The largest count the server keeps. */
export const mostCount = 4_294_967_295;

/** What is wrong with a count as typed, from 1 on; empty is none and right. */
export function countMistake(text: string, most = mostCount): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (!/^-?\d+$/.test(trimmed)) return "number";
  if (Number(trimmed) < 1) return "at_least:1";
  return Number(trimmed) > most ? `at_most:${most}` : undefined;
}

/** A count that may be left out: text from the field as it was typed. */
export const optionalCount = () =>
  z.string().check(z.trim(), ({ value, issues }) => {
    const message = countMistake(value);
    if (message !== undefined) issues.push({ code: "custom", message, input: value });
  });
