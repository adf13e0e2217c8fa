import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { PlanView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useListState } from "@/filter/list-state";
import { useMaking } from "@/filter/making";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { usePlanColumns } from "./plan-columns";
import { PlanSheet } from "./plan-sheet";
import { plansQuery } from "./queries";
import { usePlanActions } from "./use-plan-actions";

/** What users can buy. Root sets it up, others who operate the site look. */
export function PlansPage() {
  const { t } = useTranslation("subscriptions");
  const state = useListState();
  const sheet = useMaking();
  const mayWrite = useMay("roles.write");
  const { data, error, isPending, refetch } = useQuery(plansQuery);
  const items = data?.items ?? [];
  const rows: Rows<PlanView> = {
    ...allRows(items),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  const actions = usePlanActions(state.setRow);
  useShortcut(mayWrite ? { keys: "n", label: t("plan.make"), group: "page" } : undefined, () =>
    sheet.make(true),
  );
  const make = mayWrite && (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => sheet.make(true)}>
      {t("plan.make")}
    </Button>
  );
  return (
    <Page title={t("plans")} about={t("plans_about")} {...(make && { actions: make })}>
      <DataTable<PlanView>
        name="plans"
        label={t("plans")}
        columns={usePlanColumns()}
        rows={rows}
        state={state}
        rowId={({ code }) => code}
        rowLabel={({ name }) => name}
        {...(mayWrite && { actions, opens: "row" })}
        nothing={{
          icon: <CalendarClock />,
          title: t("no_plans"),
          text: t("no_plans_text"),
          ...(make && { action: make }),
        }}
      />
      {mayWrite && (
        <PlanSheet
          open={sheet.isMaking ? "new" : items.find(({ code }) => code === state.row)}
          onClose={() => (sheet.isMaking ? sheet.make(false) : state.setRow(undefined))}
        />
      )}
    </Page>
  );
}
