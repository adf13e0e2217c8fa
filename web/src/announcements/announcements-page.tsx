import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Newspaper } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AnnouncementView } from "@/api/types";
import { Segmented } from "@/components/ui/segmented";
import { useListState } from "@/filter/list-state";
import { Page } from "@/shell/page";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { useAnnouncementColumns } from "./announcement-columns";
import { MarkAll } from "./mark-all";
import { announcementsQuery } from "./queries";
import { choiceIn, readChoices, termsOf } from "./read-filter";
import { textFor } from "./text-for";

/** What those who run the site tell everybody: pinned ones first, then the newest. */
export function AnnouncementsPage() {
  const { t, i18n } = useTranslation("announcements");
  const navigate = useNavigate();
  const state = useListState();
  const { data, error, isPending, refetch } = useQuery(announcementsQuery);
  const choice = choiceIn(state.terms);
  const all = data?.items ?? [];
  const unread = all.filter(({ read }) => !read);
  const rows: Rows<AnnouncementView> = {
    ...allRows(choice === "all" ? all : unread),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  return (
    <Page
      title={t("title")}
      about={t("about")}
      {...(unread.length > 0 && { actions: <MarkAll /> })}
    >
      <DataTable<AnnouncementView>
        name="announcements"
        label={t("title")}
        columns={useAnnouncementColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ texts }) => textFor(texts, i18n.language).title}
        opens={({ id }) => void navigate({ to: "/announcements/$id", params: { id } })}
        toolbar={
          <Segmented
            label={t("which")}
            value={choice}
            onChange={(next) => state.setTerms(termsOf(next))}
            options={readChoices.map((value) => ({ value, label: t(`choice.${value}`) }))}
          />
        }
        nothing={{ icon: <Newspaper />, title: t("none"), text: t("none_text") }}
      />
    </Page>
  );
}
