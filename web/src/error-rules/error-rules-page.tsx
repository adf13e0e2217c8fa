import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePlay, Pencil, Plus, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { ErrorRuleView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import { isEnabled } from "@/config/objects";
import { useListState } from "@/filter/list-state";
import { useMaking } from "@/filter/making";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { refreshRules, rules, rulesQuery } from "./queries";
import { useRuleColumns } from "./rule-columns";
import { RuleSheet } from "./rule-sheet";

/** Every rule about errors, in the order in which they are looked at. */
export function ErrorRulesPage() {
  const { t } = useTranslation("error_rules");
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(rulesQuery);
  const mayWrite = useMay("channels.write");
  const state = useListState();
  const sheet = useMaking();
  const [removed, setRemoved] = useState<ErrorRuleView>();
  const actions = useActions(state.setRow, setRemoved);
  const items = data?.items ?? [];
  const isCut = data?.approx_total !== undefined && data.approx_total > items.length;
  const rows: Rows<ErrorRuleView> = {
    ...allRows(items),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  useShortcut(mayWrite ? { keys: "n", label: t("make.verb"), group: "page" } : undefined, () =>
    sheet.make(true),
  );
  const make = mayWrite && (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => sheet.make(true)}>
      {t("make.verb")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} {...(make && { actions: make })}>
      <div className="space-y-3">
        <p className="max-w-180 text-fg-2">{t("order.text")}</p>
        <DataTable
          name="error_rules"
          label={t("title")}
          columns={useRuleColumns()}
          rows={rows}
          state={state}
          rowId={({ name }) => name}
          rowLabel={({ name }) => name}
          opens="row"
          {...(mayWrite && { actions })}
          nothing={{
            icon: <TriangleAlert />,
            title: t("none"),
            text: t("none_text"),
            ...(make && { action: make }),
          }}
        />
        {isCut && <p className="text-fg-2">{t("more", { count: items.length })}</p>}
      </div>
      <RuleSheet
        open={sheet.isMaking ? "new" : state.row === undefined ? undefined : { name: state.row }}
        onClose={() => (sheet.isMaking ? sheet.make(false) : state.setRow(undefined))}
      />
      {removed && (
        <ConfirmDialog
          open
          onOpenChange={(open) => !open && setRemoved(undefined)}
          title={t("remove.title", { name: removed.name })}
          consequence={t("remove.text")}
          verb={t("remove.verb")}
          onConfirm={async () => {
            await rules.remove(removed.name);
            await refreshRules(queries);
          }}
        />
      )}
    </Page>
  );
}

function useActions(
  edit: (name: string) => void,
  remove: (rule: ErrorRuleView) => void,
): (rule: ErrorRuleView) => readonly RowAction[] {
  const { t } = useTranslation("error_rules");
  const queries = useQueryClient();
  const words = useProblemText();
  async function toggle(rule: ErrorRuleView) {
    const { name } = rule;
    const on = !isEnabled(rule);
    try {
      await rules.toggle(rule, on);
      toast.done(t(on ? "enabled_done" : "disabled_done", { name }));
    } catch (caught) {
      const problem = asProblem(caught);
      toast.failed(t("toggle_failed", { name, why: words(problem) }), problem.detail);
    }
    await refreshRules(queries);
  }
  return (rule) => [
    {
      id: "edit",
      label: t("edit"),
      icon: <Pencil />,
      keys: "e",
      run: () => edit(rule.name),
    },
    isEnabled(rule)
      ? { id: "disable", label: t("disable"), icon: <Ban />, run: () => void toggle(rule) }
      : { id: "enable", label: t("enable"), icon: <CirclePlay />, run: () => void toggle(rule) },
    {
      id: "remove",
      label: t("remove.verb"),
      icon: <Trash2 />,
      danger: true,
      run: () => remove(rule),
    },
  ];
}
