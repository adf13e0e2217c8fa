import { useQuery } from "@tanstack/react-query";
import { useController } from "react-hook-form";

import { cn } from "@/components/class-names";
import { Checkbox } from "@/components/ui/checkbox";
import { userGroupsQuery } from "@/config/queries";
import { useRuleText } from "./rule-text";

interface Props {
  name: string;
  legend: string;
  /** What stands above it says it already. */
  isLegendHidden?: boolean;
  /** What choosing none means, where it means something. */
  none?: string;
  /** That the groups cannot be shown. */
  failed: string;
}

/** User groups to choose from, as a part of the form around them. */
export function UserGroupsField({ name, legend, isLegendHidden = false, none, failed }: Props) {
  const words = useRuleText();
  const { data, error } = useQuery(userGroupsQuery);
  const { field, fieldState } = useController({ name });
  const value: readonly string[] = field.value;
  // Those that are chosen are always there, whether the list has come or not.
  const names = [...new Set([...value, ...(data?.items.map((group) => group.name) ?? [])])].sort();
  const mistake = error ? failed : words(fieldState.error?.message);
  const change = (group: string, isChosen: boolean) =>
    field.onChange(isChosen ? [...value, group].sort() : value.filter((one) => one !== group));
  return (
    <fieldset className="min-w-0">
      <legend className={cn(isLegendHidden ? "sr-only" : "mb-1 font-medium text-sm")}>
        {legend}
      </legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {names.map((group) => (
          <Checkbox
            key={group}
            checked={value.includes(group)}
            onChange={(event) => change(group, event.currentTarget.checked)}
            label={<span data-raw="">{group}</span>}
          />
        ))}
      </div>
      {none !== undefined && value.length === 0 && <p className="text-fg-2 text-sm">{none}</p>}
      {mistake !== undefined && (
        <p role="alert" className="text-err text-sm">
          {mistake}
        </p>
      )}
    </fieldset>
  );
}
