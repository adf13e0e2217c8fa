import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { TimeResult } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { AppLink, linkLook } from "@/connect/app-link";
import { GiveForm } from "./give-form";
import { plansQuery } from "./queries";
import { TimeResultList } from "./time-result-list";

/** Gives time of a plan, then says what became of each; nothing but its buttons closes the sheet. */
export function GiveSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation("subscriptions");
  const [results, setResults] = useState<readonly TimeResult[]>();
  const close = () => {
    setResults(undefined);
    onClose();
  };
  return (
    <Sheet open={open} onOpenChange={(isOpen) => !isOpen && close()}>
      {open && (
        <SheetContent
          keepOpen
          title={t("give.title")}
          {...(results && {
            footer: (
              <Button variant="primary" onClick={close}>
                {t("results.close")}
              </Button>
            ),
          })}
        >
          {results ? <TimeResultList results={results} /> : <Giving onResults={setResults} />}
        </SheetContent>
      )}
    </Sheet>
  );
}

/** The form, once it is known what can be given. */
function Giving({ onResults }: { onResults: (results: readonly TimeResult[]) => void }) {
  const { t } = useTranslation("subscriptions");
  const { data, error, refetch } = useQuery(plansQuery);
  if (data && data.items.length > 0) return <GiveForm plans={data.items} onResults={onResults} />;
  if (data) {
    return (
      <Empty
        title={t("no_plans")}
        text={t("give.no_plans")}
        action={
          <AppLink href="/admin/plans?make=true" className={linkLook}>
            {t("plan.make")}
          </AppLink>
        }
      />
    );
  }
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Skeleton className="h-60" />;
}
