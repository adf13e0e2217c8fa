import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import type { CallView } from "@/api/types";
import { neighboursOf } from "@/table/rows";
import { TracePanel } from "@/trace/trace-panel";
import { traceQuery, type Whose } from "./queries";
import { useTraceLinks } from "./use-trace-links";

/** The open request beside its list. J and K walk the list as it is filtered. */
export function TraceBeside(props: {
  whose: Whose;
  items: readonly CallView[];
  request: string | undefined;
  onOpen: (id: string | undefined) => void;
}) {
  const { whose, items, request, onOpen } = props;
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    ...traceQuery(whose, request ?? ""),
    enabled: request !== undefined,
  });
  const links = useTraceLinks(whose, data);
  const { previous, next } = neighboursOf(items, ({ request_id }) => request_id, request);
  return (
    <TracePanel
      requestId={request}
      trace={data}
      error={error}
      onRetry={() => void refetch()}
      onClose={() => onOpen(undefined)}
      links={links}
      onNext={next === undefined ? undefined : () => onOpen(next)}
      onPrevious={previous === undefined ? undefined : () => onOpen(previous)}
      onFull={
        request === undefined
          ? undefined
          : () => void navigate({ to: fullAddress(whose, request) as never })
      }
    />
  );
}

/** Where a request has a page of its own. */
export const fullAddress = (whose: Whose, request: string) =>
  `${whose === "mine" ? "/usage" : "/admin/requests"}/${encodeURIComponent(request)}`;
