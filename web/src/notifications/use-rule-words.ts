import { useTranslation } from "react-i18next";
import type { NotificationRuleView, NotificationTargetView } from "@/api/types";
import type { RuleDraft } from "./rule-draft";

/** A rule in a few words, to tell what changes: `On · 80 % · e-mail, Ops`. */
export function useRuleWords(
  targets: readonly NotificationTargetView[] | undefined,
): (rule: NotificationRuleView, draft: RuleDraft) => string {
  const { t } = useTranslation(["notifications", "common"]);
  return ({ email, threshold }, draft) => {
    if (!draft.enabled) return t("common:off");
    const chosen = targets?.filter(({ id }) => draft.targets.includes(id)) ?? [];
    const places = [
      ...(email !== undefined && draft.email ? [t("notifications:rules.email")] : []),
      ...chosen.map(({ name }) => name),
    ];
    return [
      t("common:on"),
      ...(threshold ? [`${draft.threshold} ${t(`notifications:unit.${threshold.unit}`)}`] : []),
      places.length > 0 ? places.join(", ") : t("common:none"),
    ].join(" · ");
  };
}
