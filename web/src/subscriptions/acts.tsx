import { CalendarPlus, Eraser, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { SubscriptionView, TimeRequest } from "@/api/types";
import { Button } from "@/components/ui/button";
import type { RowAction } from "@/table/column";
import type { Selection } from "@/table/selection";
import { mostAtOnce } from "./queries";

export type Act = TimeRequest["act"];

export const acts = ["extend", "reset", "revoke"] as const satisfies readonly Act[];

const icons = {
  extend: <CalendarPlus />,
  reset: <Eraser />,
  revoke: <Undo2 />,
} satisfies Record<Act, RowAction["icon"]>;

/** What can be done with the subscriptions selected. */
export function ActBar(props: { selection: Selection; onAct: (act: Act) => void }) {
  const { t } = useTranslation("subscriptions");
  const { isAllMatching, count } = props.selection;
  // Nobody revokes what they have not seen: those not loaded are never meant.
  const isTooMuch = isAllMatching || count > mostAtOnce;
  return acts.map((act) => (
    <Button
      key={act}
      size="sm"
      variant={act === "revoke" ? "danger_outline" : "outline"}
      icon={icons[act]}
      disabledReason={isTooMuch ? t("act.too_many", { most: mostAtOnce }) : undefined}
      onClick={() => props.onAct(act)}
    >
      {t(`act.${act}.verb`)}
    </Button>
  ));
}

/** What can be done with one subscription: nothing once it is over. */
export function useSubscriptionActions(
  ask: (act: Act, of: SubscriptionView) => void,
): (of: SubscriptionView) => readonly RowAction[] {
  const { t } = useTranslation("subscriptions");
  return (of) =>
    of.state === "ended" || of.state === "revoked"
      ? []
      : acts.map((act) => ({
          id: act,
          label: t(`act.${act}.verb`),
          icon: icons[act],
          danger: act === "revoke",
          run: () => ask(act, of),
        }));
}
