import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Send } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NotificationTargetView } from "@/api/types";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import type { ListState } from "@/filter/list-state";
import { useMaking } from "@/filter/making";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useReauthenticated } from "@/session/reauthentication";
import { Section } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { mostTargets, notifications, type Owner, refreshAll, targetsQuery } from "./api";
import { useTargetColumns } from "./target-columns";
import { TestDialog } from "./test-dialog";
import { useTargetActions } from "./use-target-actions";

// The form is more than the list needs.
const TargetSheet = lazy(() => import("./target-sheet"));

/** Where notifications can go. */
export function TargetsSection({ owner, state }: { owner: Owner; state: ListState }) {
  const { t } = useTranslation("notifications");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const sheet = useMaking();
  const { data, error, isPending, refetch } = useQuery(targetsQuery(owner));
  const [tested, setTested] = useState<NotificationTargetView>();
  const [removed, setRemoved] = useState<NotificationTargetView>();
  const items = data?.items ?? [];
  const rows: Rows<NotificationTargetView> = {
    ...allRows(items),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  const actions = useTargetActions(owner, {
    edit: state.setRow,
    test: setTested,
    remove: setRemoved,
  });
  const isFull = items.length >= mostTargets[owner];
  useShortcut(isFull ? undefined : { keys: "n", label: t("make"), group: "page" }, () =>
    sheet.make(true),
  );
  const open = sheet.isMaking ? "new" : items.find(({ id }) => id === state.row);
  const make = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden="true" />}
      disabledReason={isFull ? t("form.too_many", { count: mostTargets[owner] }) : undefined}
      onClick={() => sheet.make(true)}
    >
      {t("make")}
    </Button>
  );
  function close(made?: NotificationTargetView) {
    if (sheet.isMaking) sheet.make(false);
    else state.setRow(undefined);
    if (!made) return;
    const onPress = () => setTested(made);
    toast.done(t("made", { name: made.name }), { label: t("test.verb"), onPress });
  }
  return (
    <Section title={t("targets.title")} about={t(`targets.about.${owner}`)} actions={make}>
      <DataTable<NotificationTargetView>
        name={`notification_targets_${owner}`}
        label={t("targets.rows")}
        columns={useTargetColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ name }) => name}
        opens="row"
        actions={actions}
        nothing={{
          icon: <Send />,
          title: t("targets.none"),
          text: t(`targets.none_text.${owner}`),
        }}
      />
      {open !== undefined && (
        <Suspense fallback={null}>
          <TargetSheet owner={owner} open={open} onClose={close} />
        </Suspense>
      )}
      {tested && <TestDialog owner={owner} target={tested} onClose={() => setTested(undefined)} />}
      {removed && (
        <ConfirmDialog
          open
          onOpenChange={(isOpen) => !isOpen && setRemoved(undefined)}
          title={t("remove.title", { name: removed.name })}
          consequence={t("remove.text")}
          verb={t("remove.verb")}
          onConfirm={async () => {
            await known(() => notifications.removeTarget(owner, removed.id));
            await refreshAll(queries, owner);
          }}
        />
      )}
    </Section>
  );
}
