import { useId } from "react";
import { useTranslation } from "react-i18next";

import type { ApiProblem } from "@/api/problem";
import type { NotificationRuleView, NotificationTargetView } from "@/api/types";
import { useMistakeText } from "@/components/problem-text";
import { Badge } from "@/components/ui/badge";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { useRuleText } from "@/form/rule-text";
import { mistakeIn, type RuleDraft } from "./rule-draft";
import { RulePlaces } from "./rule-places";
import { thresholdText } from "./threshold";

interface Props {
  rule: NotificationRuleView;
  draft: RuleDraft;
  isChanged: boolean;
  targets: readonly NotificationTargetView[] | undefined;
  /** What the server refused of it last. */
  problem: ApiProblem | undefined;
  onChange: (next: RuleDraft) => void;
}

/** One event: whether it is told, from where on, and where. */
export function RuleRow({ rule, draft, isChanged, targets, problem, onChange }: Props) {
  const { t } = useTranslation("notifications");
  const mistakeText = useMistakeText();
  const id = useId();
  const { event } = rule;
  const change = (more: Partial<RuleDraft>) => onChange({ ...draft, ...more });
  const refused = (field: string) => {
    const found = problem?.fields.find(({ pointer }) => pointer.split("/")[1] === field);
    return found && mistakeText(found.code, found.detail);
  };
  return (
    <li className="px-3 py-3">
      <fieldset className="min-w-0 space-y-3">
        <legend className="sr-only">{t(`event.${event}`)}</legend>
        <div className="flex min-w-0 items-start gap-3">
          <Switch
            id={id}
            aria-describedby={`${id}-means`}
            checked={draft.enabled}
            onChange={({ currentTarget }) => change({ enabled: currentTarget.checked })}
          />
          <div className="min-w-0">
            <div className="flex flex-wrap items-center gap-x-2">
              <label htmlFor={id} className="font-medium">
                {t(`event.${event}`)}
              </label>
              {isChanged && <Badge>{t("rules.changed")}</Badge>}
            </div>
            <p id={`${id}-means`} className="max-w-180 text-fg-2 text-sm">
              {t(`means.${event}`)}
            </p>
          </div>
        </div>
        {draft.enabled && (
          <div className="flex min-w-0 gap-x-8 gap-y-3 pl-12 max-md:flex-col">
            <ThresholdField rule={rule} draft={draft} refused={refused} onChange={change} />
            <RulePlaces
              draft={draft}
              hasEmail={rule.email !== undefined}
              targets={targets}
              mistake={refused("targets") ?? refused("email")}
              onChange={change}
            />
          </div>
        )}
      </fieldset>
    </li>
  );
}

/** From where on it is told, where that can be said. */
function ThresholdField(props: {
  rule: NotificationRuleView;
  draft: RuleDraft;
  refused: (field: string) => string | undefined;
  onChange: (more: Partial<RuleDraft>) => void;
}) {
  const { t } = useTranslation("notifications");
  const words = useRuleText();
  const { rule, draft } = props;
  const { event, threshold } = rule;
  if (!threshold) return null;
  const { unit } = threshold;
  const usual = thresholdText(unit, threshold.default);
  return (
    <Field
      id={thresholdId(event)}
      label={t(`threshold.${event as "balance_low"}`)}
      unit={t(`unit.${unit}`)}
      help={t("rules.usual", { value: usual })}
      error={words(mistakeIn(rule, draft)) ?? props.refused("threshold")}
      className="w-full max-w-45 shrink-0"
    >
      <Input
        inputMode={unit === "usd_cents" ? "decimal" : "numeric"}
        maxLength={12}
        className="num"
        value={draft.threshold}
        onChange={({ currentTarget }) => props.onChange({ threshold: currentTarget.value })}
      />
    </Field>
  );
}

/** The id of the field of an event, to lead there. */
export const thresholdId = (event: string) => `threshold-${event}`;
