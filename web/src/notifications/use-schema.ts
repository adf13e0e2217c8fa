import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { text } from "@/form/rules";
import { languages } from "@/i18n";
import {
  fieldsOf,
  isOptional,
  leastSecret,
  longestName,
  longestToken,
  longestUrl,
  mostAddresses,
  mostSecret,
  type SettingsField,
} from "./settings";
import type { TargetDraft } from "./target-draft";

const typed = () => z.string().check(z.trim());

/** What a target may be, in the words of the page where the usual rules have none. */
export function useSchema() {
  const { t } = useTranslation("notifications");
  return z
    .object({
      name: text({ most: longestName }),
      kind: z.enum(Object.keys(fieldsOf) as (keyof typeof fieldsOf)[]),
      language: z.enum(languages),
      enabled: z.boolean(),
      replaces: z.boolean(),
      to: z.array(z.string()),
      url: typed(),
      secret: typed(),
      token: typed(),
      chat_id: typed(),
      api_base: typed(),
      device_key: typed(),
      server: typed(),
    })
    .check(({ value, issues }) => {
      if (!value.replaces) return;
      for (const field of fieldsOf[value.kind]) {
        const wrong = mistakeIn(value, field);
        const message = wrong === "token" ? t("form.no_token") : wrong;
        if (message !== undefined) {
          issues.push({ code: "custom", message, path: [field], input: value });
        }
      }
    });
}

/** What is surely wrong with a field, as a message of the form rules; the server decides the rest. */
export function mistakeIn(draft: TargetDraft, field: SettingsField): string | undefined {
  if (field === "to") {
    if (draft.to.length === 0) return "required";
    return draft.to.length > mostAddresses ? `too_many:${mostAddresses}` : undefined;
  }
  const value = draft[field];
  if (value === "") return isOptional(draft.kind, field) ? undefined : "required";
  if (field === "url" || field === "api_base" || field === "server") return urlMistake(value);
  if (field === "secret" && draft.kind === "webhook") {
    if (value.length < leastSecret) return `too_short:${leastSecret}`;
    return value.length > mostSecret ? `too_long:${mostSecret}` : undefined;
  }
  if (value.length > longestToken) return `too_long:${longestToken}`;
  // It stands in an address or a header, where other letters mean something.
  return /^[A-Za-z0-9\-_:@.=+]+$/.test(value) ? undefined : "token";
}

function urlMistake(value: string): string | undefined {
  if (value.length > longestUrl) return `too_long:${longestUrl}`;
  return /^https?:\/\/[^\s/]/i.test(value) && URL.canParse(value) ? undefined : "url";
}
