import { useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePlay, Gift, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { CodeView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import { useListState } from "@/filter/list-state";
import { useMaking } from "@/filter/making";
import { useReauthenticated } from "@/session/reauthentication";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { useCodeColumns } from "./code-columns";
import { CodeSheet } from "./code-sheet";
import { codes, codesKey, fetchCodes, refreshCodes } from "./queries";

/** Every redemption code, the newest first. Root makes them; others who operate the site look. */
export function CodesPage() {
  const { t } = useTranslation("codes");
  const state = useListState();
  const { rows } = useListQuery<CodeView>({ key: codesKey, state, fetchPage: fetchCodes });
  const mayMake = useMay("secrets.reveal");
  const known = useReauthenticated();
  const sheet = useMaking();
  const actions = useActions();
  useShortcut(mayMake ? { keys: "n", label: t("make.title"), group: "page" } : undefined, () =>
    sheet.make(true),
  );
  const make = mayMake && (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => sheet.make(true)}>
      {t("make.title")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} {...(make && { actions: make })}>
      <DataTable
        name="redemption_codes"
        label={t("title")}
        columns={useCodeColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ batch, hint }) => `${batch} …${hint}`}
        {...(mayMake && {
          actions,
          fetchExport: (_, signal) => known(() => codes.file(signal)),
          exportOffer: { formats: ["csv"], label: t("export") },
        })}
        nothing={{
          icon: <Gift />,
          title: t("none"),
          text: t("none_text"),
          ...(make && { action: make }),
        }}
      />
      <CodeSheet open={sheet.isMaking} onClose={() => sheet.make(false)} />
    </Page>
  );
}

function useActions(): (code: CodeView) => readonly RowAction[] {
  const { t } = useTranslation("codes");
  const queries = useQueryClient();
  const words = useProblemText();
  async function toggle({ id, batch, hint }: CodeView, on: boolean) {
    const name = `${batch} …${hint}`;
    try {
      await codes.toggle(id, on);
      toast.done(t(on ? "enabled_done" : "disabled_done", { name }));
    } catch (caught) {
      const problem = asProblem(caught);
      toast.failed(t("toggle_failed", { name, why: words(problem) }), problem.detail);
    }
    await refreshCodes(queries);
  }
  return (code) => [
    code.status === "disabled"
      ? {
          id: "enable",
          label: t("enable"),
          icon: <CirclePlay />,
          run: () => void toggle(code, true),
        }
      : { id: "disable", label: t("disable"), icon: <Ban />, run: () => void toggle(code, false) },
  ];
}
