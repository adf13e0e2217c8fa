import { useQueryClient } from "@tanstack/react-query";
import { CircleStop, Copy, Pencil, Send, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import { refreshAnnouncements } from "@/announcements/queries";
import { textFor } from "@/announcements/text-for";
import { asProblem } from "@/api/problem";
import type { AdminAnnouncementView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import type { RowAction } from "@/table/column";
import { copyOf, now, sameAs } from "./draft";
import { office } from "./queries";

interface Ways {
  edit: (id: string) => void;
  remove: (announcement: AdminAnnouncementView) => void;
}

/** What is done with one announcement of the list. */
export function useOfficeActions({
  edit,
  remove,
}: Ways): (announcement: AdminAnnouncementView) => readonly RowAction[] {
  const { t, i18n } = useTranslation("announcement_office");
  const queries = useQueryClient();
  const words = useProblemText();

  /** Does it, tells how that went, and gives what became of it. */
  async function run(
    { texts }: AdminAnnouncementView,
    done: "published" | "ended" | "copied",
    deed: () => Promise<AdminAnnouncementView>,
  ): Promise<AdminAnnouncementView | undefined> {
    const { title } = textFor(texts, i18n.language);
    try {
      const after = await deed();
      toast.done(t(done, { title }));
      return after;
    } catch (caught) {
      const problem = asProblem(caught);
      const why = problem.code === "too_large" ? t("form.too_many") : words(problem);
      toast.failed(t("failed", { title, why }), problem.detail);
      return undefined;
    } finally {
      await refreshAnnouncements(queries);
    }
  }

  const publish = (one: AdminAnnouncementView) =>
    run(one, "published", () => office.change(one.id, { ...sameAs(one), publish_at: now }));
  const end = (one: AdminAnnouncementView) =>
    run(one, "ended", () => office.change(one.id, { ...sameAs(one), expires_at: now }));
  async function duplicate(one: AdminAnnouncementView) {
    const copy = await run(one, "copied", () => office.make(copyOf(one)));
    if (copy) edit(copy.id);
  }

  return (one) => [
    { id: "edit", label: t("edit"), icon: <Pencil />, keys: "e", run: () => edit(one.id) },
    { id: "copy", label: t("duplicate"), icon: <Copy />, run: () => void duplicate(one) },
    ...(one.state === "draft" || one.state === "scheduled"
      ? [{ id: "publish", label: t("publish"), icon: <Send />, run: () => void publish(one) }]
      : []),
    ...(one.state === "live"
      ? [{ id: "end", label: t("end"), icon: <CircleStop />, run: () => void end(one) }]
      : []),
    {
      id: "remove",
      label: t("remove.verb"),
      icon: <Trash2 />,
      danger: true,
      run: () => remove(one),
    },
  ];
}
