import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { formatExact } from "@/format/number";
import type { Rows } from "./rows";
import type { SelectionControl } from "./use-selection";

/** In the place of the bar over the table while rows are selected: how many, and what can be done with them. */
export function SelectionBar(props: {
  selection: SelectionControl;
  rows: Pick<Rows<unknown>, "items" | "hasMore" | "approxTotal">;
  children: ReactNode;
}) {
  const { t, i18n } = useTranslation("table");
  const { selection, rows } = props;
  const total = rows.approxTotal;
  const isMoreThanLoaded = rows.hasMore || (total ?? 0) > rows.items.length;
  const canTakeAll =
    !selection.isAllMatching && selection.count >= rows.items.length && isMoreThanLoaded;
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-2 pb-1 max-md:sticky max-md:top-12 max-md:z-sticky max-md:bg-bg max-md:pt-1">
      <IconButton
        size="sm"
        label={t("clear_selection")}
        keys="Esc"
        icon={<X aria-hidden="true" />}
        onClick={selection.clear}
      />
      <span role="status" className="num font-medium text-sm">
        {selection.isAllMatching
          ? t("selected_all", { total: formatExact(selection.count, i18n.language) })
          : t("selected", { count: selection.count })}
      </span>
      {canTakeAll && (
        <Button size="sm" variant="ghost" onClick={selection.selectAllMatching}>
          {total === undefined
            ? t("select_all")
            : t("select_all_of", { total: formatExact(total, i18n.language) })}
        </Button>
      )}
      <span className="flex-1" />
      {props.children}
    </div>
  );
}
