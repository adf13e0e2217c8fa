import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Megaphone, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { refreshAnnouncements } from "@/announcements/queries";
import { textFor } from "@/announcements/text-for";
import type { AdminAnnouncementView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useListState } from "@/filter/list-state";
import { useMaking } from "@/filter/making";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { useOfficeColumns } from "./office-columns";
import { office, officeQuery } from "./queries";
import { useOfficeActions } from "./use-office-actions";

// The form with its preview is more than the list needs.
const AnnouncementSheet = lazy(() => import("./announcement-sheet"));

/** Every announcement there is, what changed last first. */
export function OfficePage() {
  const { t, i18n } = useTranslation("announcement_office");
  const queries = useQueryClient();
  const state = useListState();
  const sheet = useMaking();
  const { data, error, isPending, refetch } = useQuery(officeQuery);
  const [removed, setRemoved] = useState<AdminAnnouncementView>();
  const items = data?.items ?? [];
  const rows: Rows<AdminAnnouncementView> = {
    ...allRows(items),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  const actions = useOfficeActions({ edit: state.setRow, remove: setRemoved });
  const titleOf = ({ texts }: AdminAnnouncementView) => textFor(texts, i18n.language).title;
  useShortcut({ keys: "n", label: t("make"), group: "page" }, () => sheet.make(true));
  const open = sheet.isMaking ? "new" : items.find(({ id }) => id === state.row);
  const make = (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => sheet.make(true)}>
      {t("make")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={make}>
      <DataTable<AdminAnnouncementView>
        name="announcement_office"
        label={t("title")}
        columns={useOfficeColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={titleOf}
        opens="row"
        actions={actions}
        nothing={{ icon: <Megaphone />, title: t("none"), text: t("none_text"), action: make }}
      />
      {open !== undefined && (
        <Suspense fallback={null}>
          <AnnouncementSheet
            open={open}
            onClose={() => (sheet.isMaking ? sheet.make(false) : state.setRow(undefined))}
          />
        </Suspense>
      )}
      {removed && (
        <ConfirmDialog
          open
          onOpenChange={(isOpen) => !isOpen && setRemoved(undefined)}
          title={t("remove.title", { title: titleOf(removed) })}
          consequence={t(removed.state === "live" ? "remove.text_live" : "remove.text")}
          verb={t("remove.verb")}
          onConfirm={async () => {
            await office.remove(removed.id);
            await refreshAnnouncements(queries);
          }}
        />
      )}
    </Page>
  );
}
