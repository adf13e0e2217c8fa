import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { NotificationView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { notifications, type Owner, refreshSent } from "./api";

/** Has one that failed tried again, and tells how that went. */
export function useRetry(owner: Owner): (sent: NotificationView) => Promise<void> {
  const { t } = useTranslation("notifications");
  const queries = useQueryClient();
  const words = useProblemText();
  return async ({ id, title }) => {
    try {
      await notifications.retry(owner, id);
      toast.done(t("history.retried", { title }));
    } catch (caught) {
      const problem = asProblem(caught);
      toast.failed(t("failed", { name: title, why: words(problem) }), problem.detail);
    }
    await refreshSent(queries, owner);
  };
}
