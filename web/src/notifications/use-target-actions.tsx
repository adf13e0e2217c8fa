import { useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePlay, Pencil, Send, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { NotificationTargetView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import type { RowAction } from "@/table/column";
import { notifications, type Owner, refreshAll } from "./api";
import { switched } from "./target-draft";

interface Ways {
  edit: (id: string) => void;
  test: (target: NotificationTargetView) => void;
  remove: (target: NotificationTargetView) => void;
}

/** What is done with one target of the list. */
export function useTargetActions(
  owner: Owner,
  { edit, test, remove }: Ways,
): (target: NotificationTargetView) => readonly RowAction[] {
  const { t } = useTranslation("notifications");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const words = useProblemText();

  async function toggle(target: NotificationTargetView, on: boolean) {
    const { id, name } = target;
    try {
      await known(() => notifications.changeTarget(owner, id, switched(target, on)));
      toast.done(t(on ? "on_done" : "off_done", { name }));
    } catch (caught) {
      if (caught instanceof GivenUp) return;
      const problem = asProblem(caught);
      toast.failed(t("failed", { name, why: words(problem) }), problem.detail);
    }
    await refreshAll(queries, owner);
  }

  return (target) => [
    { id: "test", label: t("test.verb"), icon: <Send />, keys: "t", run: () => test(target) },
    { id: "edit", label: t("edit"), icon: <Pencil />, keys: "e", run: () => edit(target.id) },
    target.enabled
      ? { id: "off", label: t("off"), icon: <Ban />, run: () => void toggle(target, false) }
      : { id: "on", label: t("on"), icon: <CirclePlay />, run: () => void toggle(target, true) },
    {
      id: "remove",
      label: t("remove.verb"),
      icon: <Trash2 />,
      danger: true,
      run: () => remove(target),
    },
  ];
}
