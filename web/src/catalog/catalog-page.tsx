import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Ban, CalendarSync, CirclePlay, FileDown, Pencil, Plus, Tags, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { idsOfAll, matching } from "@/batch/queries";
import { useBulk } from "@/batch/use-bulk";
import { Button } from "@/components/ui/button";
import { isEnabled } from "@/config/objects";
import { FilterBar } from "@/filter/filter-bar";
import { useListState } from "@/filter/list-state";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { type CatalogSearch, catalogSearch } from "./catalog-search";
import { ImportSheet } from "./import-sheet";
import type { ModelRow } from "./model";
import { useCatalogColumns } from "./model-columns";
import { type Deed, ModelDeed } from "./model-deed";
import { useModelFields, useModelPresets } from "./model-fields";
import { ModelSheet } from "./model-sheet";
import { PriceSyncSheet } from "./price-sync-sheet";
import { PricesWaiting } from "./prices-waiting";
import { fetchModelRows, refreshModels } from "./queries";

const defaults = { sort: "name" };

/** Every model there is: what serves it, what it costs and since when, what it is used for. */
export function CatalogPage() {
  const { t } = useTranslation("catalog");
  const mayWrite = useMay("channels.write");
  const mayPrice = useMay("prices.write");
  const state = useListState(defaults);
  const sheet = useSheets();
  const { rows, facets } = useListQuery<ModelRow>({
    key: ["catalog", "list"],
    state,
    fetchPage: fetchModelRows,
  });
  const [deed, setDeed] = useState<{ deed: Deed; row: ModelRow }>();
  const actions = useActions(state.setRow, setDeed);
  const queries = useQueryClient();
  const bulk = useBulk({
    subject: "model",
    acts: ["enable", "disable", "delete"],
    allIds: (signal) =>
      idsOfAll({
        query: matching(state),
        fetchPage: fetchModelRows,
        idOf: ({ name }) => name,
        signal,
      }),
    refresh: () => refreshModels(queries),
  });
  useShortcut(mayWrite ? { keys: "n", label: t("make.verb"), group: "page" } : undefined, () =>
    sheet.go({ make: true }),
  );
  const buttons = (mayWrite || mayPrice) && (
    <>
      <Button icon={<CalendarSync aria-hidden="true" />} onClick={() => sheet.go({ prices: true })}>
        {t("sync.verb")}
      </Button>
      {mayPrice && (
        <Button icon={<FileDown aria-hidden="true" />} onClick={() => sheet.go({ import: true })}>
          {t("import.verb")}
        </Button>
      )}
      {mayWrite && (
        <Button
          variant="primary"
          icon={<Plus aria-hidden="true" />}
          onClick={() => sheet.go({ make: true })}
        >
          {t("make.verb")}
        </Button>
      )}
    </>
  );
  return (
    <Page title={t("title")} about={t("about")} {...(buttons && { actions: buttons })}>
      <div>
        <PricesWaiting onLook={() => sheet.go({ prices: true })} />
        <FilterBar
          state={state}
          fields={useModelFields()}
          facets={facets}
          presets={useModelPresets()}
        />
        <DataTable
          name="catalog"
          label={t("title")}
          columns={useCatalogColumns()}
          rows={rows}
          state={state}
          rowId={({ name }) => name}
          rowLabel={({ name }) => name}
          opens="row"
          {...(mayWrite && { actions, bulk: bulk.bar })}
          nothing={{
            icon: <Tags />,
            title: t("none"),
            text: t("none_text"),
            ...(buttons && { action: buttons }),
          }}
        />
      </div>
      <ModelSheet
        open={sheet.make ? "new" : state.row === undefined ? undefined : { name: state.row }}
        items={rows.items}
        onClose={() => sheet.go({})}
        onMade={() => sheet.go({})}
      />
      {mayPrice && <ImportSheet open={sheet.import === true} onClose={() => sheet.go({})} />}
      <PriceSyncSheet open={sheet.prices === true} onClose={() => sheet.go({})} />
      {bulk.sheet}
      {deed && <ModelDeed {...deed} onClose={() => setDeed(undefined)} />}
    </Page>
  );
}

/** The sheet that is open, in the address: Back closes it. */
function useSheets() {
  const navigate = useNavigate();
  const { make, import: isImporting, prices } = catalogSearch(useSearch({ strict: false }));
  const go = (open: Pick<CatalogSearch, "make" | "import" | "prices">) =>
    void navigate({
      to: ".",
      search: (({ make: _, import: __, prices: ___, row: ____, ...rest }: CatalogSearch) => ({
        ...rest,
        ...open,
      })) as never,
      resetScroll: false,
    });
  return { make, import: isImporting, prices, go };
}

function useActions(
  edit: (name: string) => void,
  ask: (asked: { deed: Deed; row: ModelRow }) => void,
): (row: ModelRow) => readonly RowAction[] {
  const { t } = useTranslation("catalog");
  const mayPrice = useMay("prices.write");
  return (row) => {
    const to = isEnabled(row) ? "disable" : "enable";
    const isPriced = row.input_usd_per_1m !== undefined;
    return [
      {
        id: "edit",
        label: t("edit"),
        icon: <Pencil />,
        keys: "e",
        run: () => edit(row.name),
      },
      {
        id: to,
        label: t(`deed.${to}.verb`),
        icon: to === "disable" ? <Ban /> : <CirclePlay />,
        run: () => ask({ deed: to, row }),
      },
      {
        id: "remove",
        label: t("deed.remove.verb"),
        icon: <Trash2 />,
        danger: true,
        // What is deleted loses its price.
        ...(isPriced && !mayPrice && { disabledReason: t("deed.remove.priced") }),
        run: () => ask({ deed: "remove", row }),
      },
    ];
  };
}
