import { Gift, Repeat } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { SubscriptionView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useListState } from "@/filter/list-state";
import { useMaking } from "@/filter/making";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import type { Selection } from "@/table/selection";
import { ActDialog } from "./act-dialog";
import { type Act, ActBar, useSubscriptionActions } from "./acts";
import { filterOf, termsOf } from "./filter";
import { GiveSheet } from "./give-sheet";
import { fetchSubscriptions, subscriptionsKey } from "./queries";
import { useSubscriptionColumns } from "./subscription-columns";
import { SubscriptionFilters } from "./subscription-filters";

interface Asked {
  act: Act;
  of: readonly SubscriptionView[];
  selection?: Selection;
}

/** Everyone's time of plans, the newest first. Root gives and changes it, others who operate the site look. */
export function SubscriptionsPage() {
  const { t } = useTranslation("subscriptions");
  const mayWrite = useMay("roles.write");
  const [asked, setAsked] = useState<Asked>();
  const sheet = useMaking();
  const state = useListState();
  const filter = filterOf(state.terms);
  const { rows } = useListQuery<SubscriptionView>({
    key: subscriptionsKey,
    state,
    fetchPage: fetchSubscriptions(filter),
  });
  const actions = useSubscriptionActions((act, one) => setAsked({ act, of: [one] }));
  const isUnknown = rows.status === "error" && asProblem(rows.error).code === "not_found";
  useShortcut(mayWrite ? { keys: "n", label: t("give.title"), group: "page" } : undefined, () =>
    sheet.make(true),
  );
  const give = mayWrite && (
    <Button variant="primary" icon={<Gift aria-hidden="true" />} onClick={() => sheet.make(true)}>
      {t("give.title")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} {...(give && { actions: give })}>
      <DataTable<SubscriptionView>
        name="all_subscriptions"
        label={t("title")}
        columns={useSubscriptionColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ username, user_id, plan, id }) =>
          [username ?? user_id, plan ?? id].join(" · ")
        }
        toolbar={
          <SubscriptionFilters filter={filter} onChange={(next) => state.setTerms(termsOf(next))} />
        }
        {...(mayWrite && {
          actions,
          bulk: (selection) => (
            <ActBar
              selection={selection}
              onAct={(act) => {
                const of = rows.items.filter(({ id }) => selection.ids.includes(id));
                setAsked({ act, of, selection });
              }}
            />
          ),
        })}
        {...(isUnknown && {
          unavailable: {
            title: t("filter.unknown"),
            text: t("filter.unknown_text"),
            action: <Button onClick={state.clear}>{t("filter.clear")}</Button>,
          },
        })}
        nothing={{
          icon: <Repeat />,
          title: t("none"),
          text: t("none_text"),
          ...(give && { action: give }),
        }}
      />
      {asked && (
        <ActDialog
          {...asked}
          onClose={() => setAsked(undefined)}
          onDone={() => asked.selection?.clear()}
        />
      )}
      {mayWrite && <GiveSheet open={sheet.isMaking} onClose={() => sheet.make(false)} />}
    </Page>
  );
}
