import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TicketThreadView } from "@/api/types";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Page } from "@/shell/page";
import { type Side, threadQuery } from "./queries";

interface Props {
  side: Side;
  id: string;
  children: (thread: TicketThreadView) => ReactNode;
}

/** A ticket, as soon as it is there. It is asked for anew while somebody looks. */
export function ThreadFrame({ side, id, children }: Props) {
  const { t } = useTranslation("tickets");
  const { data, error, refetch } = useQuery(threadQuery(side, id));
  if (data) return children(data);
  return (
    <Page title={t("thread.title")} width="form">
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div aria-busy="true" className="space-y-4">
          <span role="status" className="sr-only">
            {t("thread.loading")}
          </span>
          <Skeleton className="h-24 w-full" />
          <Skeleton className="h-40 w-full" />
        </div>
      )}
    </Page>
  );
}
