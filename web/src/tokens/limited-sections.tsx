import { get, useFormState, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { useTimeZone } from "@/components/value/time-zone";
import { Advanced } from "@/form/advanced";
import { formatTime } from "@/format/time";
import { type LimitsDraft, limitMistakesOf, limitsOf } from "@/limits/limits";
import { FormLimits } from "@/limits/limits-fields";
import { useLimitsText } from "@/limits/use-limits-text";
import { type RulesDraft, rulesOf } from "./key-rules";
import { KeyRulesFields } from "./key-rules-fields";
import { useRulesText, useSpanText } from "./use-rules-text";

/** Of the form of a key: how much it may use, and what it is good for. Folded, with what is set beside the heading. */
export function LimitedSections({ models }: { models: readonly string[] }) {
  const { t } = useTranslation(["tokens", "limits"]);
  const { errors } = useFormState();
  return (
    <>
      <Advanced
        label={t("limits:title")}
        note={useLimitsNote()}
        mistakes={get(errors, "limits") as object | undefined}
      >
        <FormLimits name="limits" owner="key" />
      </Advanced>
      <Advanced
        label={t("tokens:rules.title")}
        note={useRulesNote()}
        mistakes={get(errors, "rules") as object | undefined}
      >
        <KeyRulesFields models={models} />
      </Advanced>
    </>
  );
}

function useLimitsNote(): string {
  const { t } = useTranslation("limits");
  const textOf = useLimitsText();
  const draft = useWatch({ name: "limits" }) as LimitsDraft;
  if (Object.keys(limitMistakesOf(draft)).length > 0) return "";
  return textOf(limitsOf(draft)) || t("none");
}

function useRulesNote(): string {
  const { t, i18n } = useTranslation("tokens");
  const zone = useTimeZone();
  const [rulesText, spanText] = [useRulesText(), useSpanText()];
  const rules = rulesOf(useWatch({ name: "rules" }) as RulesDraft, zone);
  const { expires_at } = rules;
  const end = [
    expires_at === undefined
      ? undefined
      : t("rules.until", { time: formatTime(expires_at, i18n.language, zone) }),
    spanText(Number.isSafeInteger(rules.valid_for_s) ? rules : {}),
  ];
  return [rulesText(rules) || t("rules.everything"), ...end].filter(Boolean).join(" · ");
}
