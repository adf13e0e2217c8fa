import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { severities } from "@/announcements/severity-badge";
import { languagesFrom } from "@/announcements/text-for";
import { instantOf } from "@/filter/zone-time";
import { optionalText } from "@/form/rules";
import { audiences, ends, starts } from "./draft";
import { longestBody, longestTitle } from "./queries";

const oneText = z.object({ title: optionalText(longestTitle), body: optionalText(longestBody) });

/** What an announcement may be, in the words of the page where the usual rules have none. */
export function useSchema() {
  const { t, i18n } = useTranslation("announcement_office");
  const order = languagesFrom(i18n.language);
  const texts = z.object({ en: oneText, zh: oneText }).check(({ value, issues }) => {
    const mistake = (path: string[], message: string) =>
      issues.push({ code: "custom", message, path, input: value });
    const written = order.filter((one) => value[one].title !== "" || value[one].body !== "");
    if (written.length === 0) mistake([order[0], "title"], t("form.no_text"));
    for (const one of written) {
      // A language that was begun is written to its end, or left empty.
      if (value[one].title === "") mistake([one, "title"], t("form.half"));
      if (value[one].body === "") mistake([one, "body"], t("form.half"));
    }
  });
  return z
    .object({
      severity: z.enum(severities),
      pinned: z.boolean(),
      must_acknowledge: z.boolean(),
      audience: z.enum(audiences),
      user_groups: z.array(z.string()),
      texts,
      start: z.enum(starts),
      publish_at: z.string(),
      end: z.enum(ends),
      expires_at: z.string(),
    })
    .check(({ value, issues }) => {
      const mistake = (path: string, message: string) =>
        issues.push({ code: "custom", message, path: [path], input: value });
      if (value.audience === "groups" && value.user_groups.length === 0) {
        mistake("user_groups", t("form.no_group"));
      }
      const isTime = (wall: string) => instantOf(wall) !== undefined;
      if (value.start === "at" && !isTime(value.publish_at)) mistake("publish_at", "moment");
      if (value.end === "at" && !isTime(value.expires_at)) mistake("expires_at", "moment");
    });
}
