import { useQuery } from "@tanstack/react-query";
import { useController } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { userGroupsQuery } from "@/config/queries";
import { useRuleText } from "@/form/rule-text";

/** The user groups that may buy a plan, as a part of the form around it. */
export function PlanGroups() {
  const { t } = useTranslation("subscriptions");
  const words = useRuleText();
  const { data, error } = useQuery(userGroupsQuery);
  const { field, fieldState } = useController({ name: "user_groups" });
  const value: readonly string[] = field.value;
  // Those it is for are always there, whether the list has come or not.
  const names = [...new Set([...value, ...(data?.items.map(({ name }) => name) ?? [])])].sort();
  const mistake = error ? t("plan.groups_failed") : words(fieldState.error?.message);
  const change = (name: string, isChosen: boolean) =>
    field.onChange(isChosen ? [...value, name].sort() : value.filter((one) => one !== name));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-sm">{t("column.user_groups")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {names.map((name) => (
          <Checkbox
            key={name}
            checked={value.includes(name)}
            onChange={(event) => change(name, event.currentTarget.checked)}
            label={<span data-raw="">{name}</span>}
          />
        ))}
      </div>
      {value.length === 0 && <p className="text-fg-2 text-sm">{t("plan.for_everybody")}</p>}
      {mistake !== undefined && (
        <p role="alert" className="text-err text-sm">
          {mistake}
        </p>
      )}
    </fieldset>
  );
}
