import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { appScopes } from "@/consent/scopes";
import { optionalText, text } from "@/form/rules";
import { longestName, places, secondsOf } from "./draft";
import {
  isHomepage,
  longestAddress,
  mostAddresses,
  type RedirectMistake,
  redirectMistake,
} from "./redirect-uri";

/** Seconds that access tokens may be good: five minutes to a year. */
const leastLife = 300;
const mostLife = 31_536_000;

/** What an OAuth app may be, in the words of the page where the usual rules have none. */
export function useSchema() {
  const { t } = useTranslation("oauth_apps");
  const words = (mistake: RedirectMistake) =>
    t(`form.redirect.${mistake}`, { most: longestAddress });
  const redirects = z
    .array(z.object({ uri: z.string().check(z.trim()) }))
    .check(z.maxLength(mostAddresses, { error: `too_many:${mostAddresses}` }))
    .check(({ value, issues }) => {
      const mistake = (path: (string | number)[], message: string) =>
        issues.push({ code: "custom", message, path, input: value });
      if (value.length === 0) mistake([], t("form.no_redirect"));
      for (const [at, { uri }] of value.entries()) {
        const isTwice = value.slice(0, at).some((one) => one.uri === uri);
        const wrong = redirectMistake(uri) ?? (isTwice ? "twice" : undefined);
        if (uri === "") mistake([at, "uri"], "required");
        else if (wrong !== undefined) mistake([at, "uri"], words(wrong));
      }
    });
  const homepage = z.string().check(
    z.trim(),
    z.maxLength(longestAddress, { error: `too_long:${longestAddress}` }),
    z.refine((address) => address === "" || isHomepage(address), { error: t("form.no_homepage") }),
  );
  // Judged by itself, whatever else is wrong.
  const life = z
    .object({
      count: z.string().check(z.trim(), z.regex(/^\d{1,8}$/, { error: "number" })),
      unit: z.enum(["day", "hour", "minute", "second"]),
    })
    .check(({ value, issues }) => {
      const seconds = secondsOf(value);
      if (seconds >= leastLife && seconds <= mostLife) return;
      issues.push({ code: "custom", message: t("form.no_life"), path: ["count"], input: value });
    });
  return z.object({
    name: text({ most: longestName }),
    publisher: optionalText(longestName),
    homepage,
    redirect_uris: redirects,
    scopes: z.array(z.enum(appScopes)).check(z.minLength(1, { error: t("form.no_scope") })),
    place: z.enum(places),
    life,
    enabled: z.boolean(),
  });
}
