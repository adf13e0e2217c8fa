import { useTranslation } from "react-i18next";

import type { KeyRules } from "@/api/types";
import { spanOf } from "@/format/span";
import { clientName } from "./client-words";
import { isNarrowed } from "./key-rules";

/** What a key is good for, in one line; nothing where it is good for everything. */
export function useRulesText(): (rules: KeyRules | undefined) => string {
  const { t } = useTranslation(["tokens", "trace"]);
  return (rules = {}) => {
    if (!isNarrowed(rules)) return "";
    const { models = [], dialects = [], clients = [], addresses = [] } = rules;
    return [
      models,
      dialects.map((dialect) => t(`trace:dialect.${dialect}`)),
      clients.map(clientName),
      addresses,
    ]
      .filter((list) => list.length > 0)
      .map((list) => list.join(", "))
      .join(" · ");
  };
}

/** `30 days after its first call`; nothing where it does not end by that. */
export function useSpanText(): (rules: KeyRules | undefined) => string | undefined {
  const { t } = useTranslation("tokens");
  return (rules) => {
    if (rules?.valid_for_s === undefined) return undefined;
    const { count, unit } = spanOf(rules.valid_for_s);
    return t(`rules.after.${unit}`, { count });
  };
}
