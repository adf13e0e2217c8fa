import { useTranslation } from "react-i18next";

import { Select } from "@/components/ui/select";
import type { Column } from "./column";

/** The order of the rows where there are no headers to press. */
export function SortSelect<Item>(props: {
  columns: readonly Column<Item>[];
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}) {
  const { t } = useTranslation("table");
  const sortable = props.columns.filter(({ sort }) => sort !== undefined);
  if (sortable.length === 0) return null;
  return (
    <Select
      aria-label={t("sort")}
      value={props.sort ?? ""}
      onChange={(event) => props.onSort(event.currentTarget.value || undefined)}
      className="w-44"
    >
      {props.sort === undefined && <option value="">{t("sort_none")}</option>}
      {sortable.flatMap(({ id, header }) => [
        <option key={id} value={id}>
          {t("sort_up", { column: header })}
        </option>,
        <option key={`-${id}`} value={`-${id}`}>
          {t("sort_down", { column: header })}
        </option>,
      ])}
    </Select>
  );
}
