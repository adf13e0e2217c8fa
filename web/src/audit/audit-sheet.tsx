import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { AuditEntry } from "@/api/types";
import { ErrorState } from "@/components/ui/error-state";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { ShortId } from "@/components/value/short-id";
import { Time } from "@/components/value/time-ago";
import { useActionText } from "./action";
import { auditEntryQuery } from "./queries";

/** One deed: who, from where, and each field before and after. `id` is in the address. */
export function AuditSheet(props: {
  id: string | undefined;
  items: readonly AuditEntry[];
  onClose: () => void;
}) {
  const { t } = useTranslation("audit");
  const words = useActionText();
  const { id, items, onClose } = props;
  const listed = items.find((entry) => entry.id === id);
  const { data, error, refetch } = useQuery({
    ...auditEntryQuery(id ?? ""),
    enabled: id !== undefined && listed === undefined,
  });
  const entry = listed ?? data;
  return (
    <Sheet open={id !== undefined} onOpenChange={(open) => !open && onClose()}>
      {id !== undefined && (
        <SheetContent
          title={entry ? words(entry.action) : t("entry")}
          {...(entry?.object !== undefined && {
            description: <bdi data-raw="">{entry.object}</bdi>,
          })}
        >
          {entry && <Entry entry={entry} />}
          {!entry && error && <ErrorState error={error} onRetry={() => void refetch()} />}
          {!entry && !error && <Skeleton className="h-40" />}
        </SheetContent>
      )}
    </Sheet>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("audit");
  return (
    <div className="space-y-6">
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Fact name={t("column.at")}>
          <Time time={entry.at} />
        </Fact>
        <Fact name={t("column.actor")}>
          <bdi data-raw="">{entry.actor}</bdi>
          <span className="ml-1.5 text-fg-3 text-sm">{t(`actor_kind.${entry.actor_kind}`)}</span>
        </Fact>
        <Fact name={t("column.address")}>
          <span data-raw="" className="font-mono text-sm">
            {entry.address ?? t("no_address")}
          </span>
        </Fact>
        <Fact name={t("user_agent")}>
          <span data-raw="">{entry.user_agent ?? t("no_user_agent")}</span>
        </Fact>
        <Fact name={t("name")}>
          <code data-raw="" className="font-mono text-sm">
            {entry.action}
          </code>
        </Fact>
        {entry.request_id !== undefined && (
          <Fact name={t("request")}>
            <ShortId id={entry.request_id} />
          </Fact>
        )}
      </dl>
      <Changes changes={entry.changes} />
    </div>
  );
}

/** Before and after, one field below the other. The server has put a word in the place of secrets. */
function Changes({ changes }: Pick<AuditEntry, "changes">) {
  const { t } = useTranslation("audit");
  if (changes.length === 0) return <p className="text-fg-2">{t("no_changes")}</p>;
  return (
    <section aria-label={t("column.changes")} className="space-y-2">
      <h3 className="font-semibold">{t("column.changes")}</h3>
      <dl className="divide-y divide-line rounded-panel border border-line">
        {changes.map(({ path, before, after }) => (
          <div key={path} className="space-y-1 px-3 py-2">
            <dt data-raw="" className="font-mono text-fg-2 text-xs [overflow-wrap:anywhere]">
              {path}
            </dt>
            <Value mark="−" label={t("before")} value={before} classes="bg-err-soft" />
            <Value mark="+" label={t("after")} value={after} classes="bg-ok-soft" />
          </div>
        ))}
      </dl>
    </section>
  );
}

function Value(props: { mark: string; label: string; value: string | undefined; classes: string }) {
  if (props.value === undefined) return null;
  return (
    <dd className={`flex gap-2 rounded-badge px-2 py-0.5 font-mono text-sm ${props.classes}`}>
      <span aria-hidden="true">{props.mark}</span>
      <span className="sr-only">{props.label}</span>
      <span data-raw="" className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {props.value}
      </span>
    </dd>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-fg-3 text-xs">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
