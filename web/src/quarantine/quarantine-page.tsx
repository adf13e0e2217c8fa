import { HandCoins, ShieldAlert, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { QuarantinedCall } from "@/api/types";
import { Segmented } from "@/components/ui/segmented";
import { useListState } from "@/filter/list-state";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { useQuarantineColumns } from "./columns";
import { type Decision, decisions, fetchQuarantine, quarantineKey, type Which } from "./queries";
import { ReviewDialog } from "./review-dialog";

const looks = {
  waive: { icon: <Undo2 />, keys: "w" },
  charge: { icon: <HandCoins />, keys: "c" },
} satisfies Record<Decision, Pick<RowAction, "icon" | "keys">>;

/** Calls whose usage cannot be true: root decides what they are charged, others who operate the site look. */
export function QuarantinePage() {
  const { t } = useTranslation("quarantine");
  const [which, setWhich] = useState<Which>("waiting");
  const [asked, setAsked] = useState<{ one: QuarantinedCall; decision: Decision }>();
  const isDecided = which === "decided";
  const mayDecide = useMay("roles.write") && !isDecided;
  const state = useListState();
  const { rows } = useListQuery<QuarantinedCall>({
    key: quarantineKey(which),
    state,
    fetchPage: fetchQuarantine(which),
  });
  const actionOf = (one: QuarantinedCall, decision: Decision): RowAction => ({
    id: decision,
    label: t(`${decision}.verb`),
    ...looks[decision],
    ...(decision === "charge" &&
      one.would_cost_usd === undefined && { disabledReason: t("no_cost_help") }),
    run: () => setAsked({ one, decision }),
  });
  return (
    <Page title={t("title")} about={t("about")}>
      <DataTable<QuarantinedCall>
        name="quarantine"
        label={t("title")}
        columns={useQuarantineColumns(which)}
        rows={rows}
        state={state}
        rowId={({ call }) => call.request_id}
        rowLabel={({ call }) => call.request_id}
        toolbar={
          <Segmented
            label={t("which")}
            value={which}
            onChange={(next) => {
              if (state.cursor !== undefined) state.setCursor(undefined);
              setWhich(next);
            }}
            options={(["waiting", "decided"] as const).map((value) => ({
              value,
              label: t(`which_${value}`),
            }))}
          />
        }
        {...(mayDecide && {
          actions: (one) => decisions.map((decision) => actionOf(one, decision)),
        })}
        nothing={{
          icon: <ShieldAlert />,
          title: t(isDecided ? "none_decided" : "none"),
          text: t(isDecided ? "none_decided_text" : "none_text"),
        }}
      />
      {asked && <ReviewDialog {...asked} onClose={() => setAsked(undefined)} />}
    </Page>
  );
}
