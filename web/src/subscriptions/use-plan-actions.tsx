import { useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePlay, Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { PlanView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import type { RowAction } from "@/table/column";
import { plans, refreshPlans } from "./queries";

/** What root does with one plan of the list. */
export function usePlanActions(
  edit: (code: string) => void,
): (plan: PlanView) => readonly RowAction[] {
  const { t } = useTranslation("subscriptions");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const words = useProblemText();
  async function toggle({ code, name }: PlanView, enabled: boolean) {
    try {
      await known(() => plans.change(code, { enabled }));
      toast.done(t(enabled ? "sell_done" : "stop_done", { name }));
    } catch (caught) {
      if (caught instanceof GivenUp) return;
      const problem = asProblem(caught);
      toast.failed(t("plan.failed", { name, why: words(problem) }), problem.detail);
    }
    await refreshPlans(queries);
  }
  return (plan) => [
    {
      id: "edit",
      label: t("edit"),
      icon: <Pencil />,
      keys: "e",
      run: () => edit(plan.code),
    },
    plan.enabled
      ? { id: "stop", label: t("stop"), icon: <Ban />, run: () => void toggle(plan, false) }
      : { id: "sell", label: t("sell"), icon: <CirclePlay />, run: () => void toggle(plan, true) },
  ];
}
