import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { PriceSync } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { useAttempt } from "@/form/use-attempt";
import { useMay } from "@/session/use-me";
import { PriceSyncState } from "./price-sync-state";
import { priceSync, priceSyncQuery, refreshModels } from "./queries";
import { WaitingList } from "./waiting-list";

interface Props {
  open: boolean;
  onClose: () => void;
}

/** How prices are kept up with a list elsewhere, and what is to be decided about those that wait. */
export function PriceSyncSheet({ open, onClose }: Props) {
  return (
    <Sheet open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open && <Content />}
    </Sheet>
  );
}

function Content() {
  const { t } = useTranslation(["catalog", "common"]);
  const { data: sync, error: unread, refetch } = useQuery(priceSyncQuery);
  const mayPrice = useMay("prices.write");
  const queries = useQueryClient();
  const { busy, error, attempt } = useAttempt();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  // What was ticked may have been decided about elsewhere.
  const waiting = sync?.waiting ?? [];
  const chosen = waiting.map(({ model }) => model).filter((model) => ticked.has(model));
  const act = (work: () => Promise<PriceSync>) =>
    void attempt(async () => {
      try {
        queries.setQueryData(priceSyncQuery.queryKey, await work());
      } finally {
        await refreshModels(queries);
      }
    });
  const decide = (decision: "accept" | "dismiss") =>
    sync && act(() => priceSync.decide(decision, sync.revision, chosen));
  const noneTicked = chosen.length === 0 ? t("common:source.none_ticked") : undefined;
  return (
    <SheetContent
      title={t("catalog:sync.title")}
      footer={
        mayPrice &&
        waiting.length > 0 && (
          <>
            <Button loading={busy} disabledReason={noneTicked} onClick={() => decide("dismiss")}>
              {t("catalog:sync.dismiss", { count: chosen.length })}
            </Button>
            <Button
              variant="primary"
              loading={busy}
              disabledReason={noneTicked}
              onClick={() => decide("accept")}
            >
              {t("catalog:sync.accept", { count: chosen.length })}
            </Button>
          </>
        )
      }
    >
      {sync ? (
        <div className="space-y-4">
          <p className="text-fg-2">{t("catalog:sync.about")}</p>
          <PriceSyncState sync={sync} />
          <div className="flex flex-wrap gap-2">
            {mayPrice && (
              <Button
                icon={<RefreshCw aria-hidden="true" />}
                loading={busy}
                disabledReason={sync.source === undefined ? t("catalog:sync.no_source") : undefined}
                onClick={() => act(priceSync.run)}
              >
                {t("catalog:sync.run")}
              </Button>
            )}
            <Button asChild>
              <Link to="/admin/settings" search={{ section: "usage" }}>
                {t("catalog:sync.settings")}
              </Link>
            </Button>
          </div>
          <ProblemNotice error={error} />
          <WaitingList
            waiting={waiting}
            ticked={ticked}
            mayTick={mayPrice}
            onTick={(models, on) => setTicked((now) => tick(now, models, on))}
          />
        </div>
      ) : unread ? (
        <ErrorState error={unread} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-24 w-full" />
      )}
    </SheetContent>
  );
}

function tick(
  now: ReadonlySet<string>,
  models: readonly string[],
  on: boolean,
): ReadonlySet<string> {
  const next = new Set(now);
  for (const model of models) {
    if (on) next.add(model);
    else next.delete(model);
  }
  return next;
}
