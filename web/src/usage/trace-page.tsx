import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Skeleton } from "@/components/ui/skeleton";
import { ShortId } from "@/components/value/short-id";
import { Page } from "@/shell/page";
import { TraceError } from "@/trace/trace-error";
import { TraceView } from "@/trace/trace-view";
import { traceQuery, type Whose } from "./queries";
import { useTraceLinks } from "./use-trace-links";

/** One request on a page of its own. */
export function TracePage({ whose, requestId }: { whose: Whose; requestId: string }) {
  const { t } = useTranslation("trace");
  const { data, error, refetch } = useQuery(traceQuery(whose, requestId));
  const links = useTraceLinks(whose, data);
  return (
    <Page title={t("title")} width="form" aside={<ShortId id={requestId} copy what={t("title")} />}>
      {error && !data && <TraceError error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <div aria-busy="true" className="space-y-6">
          <Skeleton className="h-20 w-full" />
          <Skeleton className="h-64 w-full" />
        </div>
      )}
      {data && <TraceView trace={data} links={links} />}
    </Page>
  );
}
