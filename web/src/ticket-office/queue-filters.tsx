import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { Segmented } from "@/components/ui/segmented";
import { NameBox } from "@/filter/name-box";
import { useMe } from "@/session/use-me";
import { stateChoices } from "@/tickets/state-filter";
import type { QueueFilter } from "./filter";

interface Props {
  filter: QueueFilter;
  onChange: (filter: QueueFilter) => void;
}

/** Which tickets are listed: by their state, who asked, and who cares for them. */
export function QueueFilters({ filter, onChange }: Props) {
  const { t } = useTranslation("ticket_office");
  const { username } = useMe();
  return (
    <>
      <Segmented
        label={t("which")}
        value={filter.choice}
        onChange={(choice) => onChange({ ...filter, choice })}
        options={stateChoices.map((value) => ({
          value,
          label: value === "all" ? t("all") : t(`state.${value}`),
        }))}
      />
      <NameBox
        label={t("filter.user")}
        name={filter.user}
        onChange={(user) => onChange({ ...filter, user })}
      />
      <NameBox
        label={t("filter.assignee")}
        name={filter.assignee}
        onChange={(assignee) => onChange({ ...filter, assignee })}
      />
      <Checkbox
        label={t("filter.mine")}
        checked={filter.assignee === username}
        onChange={({ currentTarget }) =>
          onChange({ ...filter, assignee: currentTarget.checked ? username : "" })
        }
      />
    </>
  );
}
