import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { Select } from "@/components/ui/select";
import { NameBox } from "@/filter/name-box";
import type { SubscriptionFilter } from "./filter";
import { plansQuery } from "./queries";

interface Props {
  filter: SubscriptionFilter;
  onChange: (filter: SubscriptionFilter) => void;
}

/** Whose subscriptions are listed, of which plan, and whether those that are over. */
export function SubscriptionFilters({ filter, onChange }: Props) {
  const { t } = useTranslation("subscriptions");
  const { data } = useQuery(plansQuery);
  const { plan = "", open = false } = filter;
  // What the address names stays chosen, whether there is such a plan or not.
  const names = new Map([...(plan === "" ? [] : [[plan, plan] as const])]);
  for (const { code, name } of data?.items ?? []) names.set(code, name);
  return (
    <>
      <NameBox
        label={t("filter.user")}
        name={filter.user ?? ""}
        onChange={(user) => onChange({ ...filter, user })}
      />
      <Select
        className="w-44"
        aria-label={t("filter.plan")}
        value={plan}
        onChange={({ currentTarget }) => onChange({ ...filter, plan: currentTarget.value })}
      >
        <option value="">{t("filter.all_plans")}</option>
        {[...names].map(([code, name]) => (
          <option key={code} value={code} data-raw="">
            {name}
          </option>
        ))}
      </Select>
      <Checkbox
        label={t("filter.open")}
        checked={open}
        onChange={({ currentTarget }) => {
          const { open: _, ...rest } = filter;
          onChange({ ...rest, ...(currentTarget.checked && { open: true }) });
        }}
      />
    </>
  );
}
