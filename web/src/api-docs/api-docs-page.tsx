import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { type ApiDocument, type Operation, operationsOf, search } from "./document";
import { OperationView } from "./operation-view";

interface Props {
  load: (signal: AbortSignal) => Promise<ApiDocument>;
}

/** The reference of the JSON API, drawn from the document the server serves. */
export function ApiDocsPage({ load }: Props) {
  const { t } = useTranslation("api_docs");
  const [text, setText] = useState("");
  const document = useQuery({
    queryKey: ["openapi"],
    queryFn: ({ signal }) => load(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const operations = useMemo(
    () => (document.data ? search(operationsOf(document.data), text) : []),
    [document.data, text],
  );
  return (
    <div className="flex max-w-240 flex-col gap-4">
      <p className="max-w-180 text-fg-2">{t("intro")}</p>
      <Input
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {document.isPending && (
        <div aria-busy="true">
          <Skeleton className="h-64" />
        </div>
      )}
      {document.isError && (
        <ErrorState error={document.error} onRetry={() => void document.refetch()} />
      )}
      {document.data && operations.length === 0 && <Empty title={t("no_match")} />}
      {document.data &&
        [...byTag(operations)].map(([tag, group]) => (
          <section key={tag} aria-label={tag} className="flex flex-col gap-2">
            <h2 lang="en" className="font-semibold">
              {tag}
            </h2>
            <div className="rounded-panel border border-line bg-surface">
              {group.map((operation) => (
                <OperationView key={operation.id} document={document.data} operation={operation} />
              ))}
            </div>
          </section>
        ))}
    </div>
  );
}

function byTag(operations: Operation[]): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const group = groups.get(operation.tag);
    if (group) group.push(operation);
    else groups.set(operation.tag, [operation]);
  }
  return groups;
}
