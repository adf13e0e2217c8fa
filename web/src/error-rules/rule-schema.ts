import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { doesSomething, matchesSomething, type RuleDraft } from "./rule";

export const isErrorStatus = (text: string) => /^\s*[45]\d\d\s*$/.test(text);

/** What a rule must be, as far as the page can tell; regular expressions are for the server. */
export function useRuleSchema() {
  const { t } = useTranslation("error_rules");
  return useMemo(() => {
    const draft = z.object({
      name: z.string().check(
        z.minLength(1, { error: "required" }),
        z.maxLength(64, { error: "too_long:64" }),
        z.refine((name) => name.trim() === name, { error: t("rule.name") }),
      ),
      priority: z.string().check(z.regex(/^\s*-?\d{1,15}\s*$/, { error: "number" })),
      enabled: z.boolean(),
      status: z.array(z.string()),
      contains: z.string(),
      regex: z.string(),
      channels: z.array(z.string()),
      dialects: z.array(z.enum(["responses", "chat", "messages", "gemini"])),
      act_status: z.string().check(
        z.refine((text) => text.trim() === "" || isErrorStatus(text), {
          error: t("rule.status"),
        }),
      ),
      message: z.string().check(z.maxLength(2000, { error: "too_long:2000" })),
      hide: z.boolean(),
      skip_health: z.boolean(),
    });
    return draft.check(
      z.refine((value: RuleDraft) => matchesSomething(value), {
        error: t("rule.match"),
        path: ["status"],
      }),
      z.refine((value: RuleDraft) => doesSomething(value), {
        error: t("rule.act"),
        path: ["act_status"],
      }),
      z.refine((value: RuleDraft) => !(value.hide && value.message.trim() !== ""), {
        error: t("rule.both"),
        path: ["message"],
      }),
    );
  }, [t]);
}
