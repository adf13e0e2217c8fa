import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { EntryView } from "@/api/types";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { ShortId } from "@/components/value/short-id";
import { Time } from "@/components/value/time-ago";
import { Amount } from "./amount";
import { CallLink } from "./call-link";
import type { Owner } from "./queries";

/** One movement in full. `id` is in the address; a movement that is not loaded is not shown, for none can be asked for alone. */
export function EntrySheet(props: {
  owner: Owner;
  id: string | undefined;
  items: readonly EntryView[];
  onClose: () => void;
}) {
  const { t } = useTranslation("balance");
  const { owner, id, items, onClose } = props;
  const entry = id === undefined ? undefined : items.find((one) => one.id === id);
  return (
    <Sheet open={entry !== undefined} onOpenChange={(open) => !open && onClose()}>
      {entry && (
        <SheetContent title={t(`kind.${entry.kind}`)}>
          <Entry owner={owner} entry={entry} />
        </SheetContent>
      )}
    </Sheet>
  );
}

function Entry({ owner, entry }: { owner: Owner; entry: EntryView }) {
  const { t } = useTranslation("balance");
  const { reason, actor, reference, request_id } = entry;
  return (
    <div className="space-y-6">
      <div className="space-y-1">
        <p className="font-semibold text-2xl">
          <Amount usd={entry.amount_usd} />
        </p>
        <p className="text-fg-2">{t(`means.${entry.kind}`)}</p>
      </div>
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Fact name={t("column.at")}>
          <Time time={entry.at} />
        </Fact>
        {actor !== undefined && (
          <Fact name={t("column.actor")}>
            <bdi data-raw="" data-private="">
              {actor}
            </bdi>
          </Fact>
        )}
        {reason !== undefined && (
          <Fact name={t("column.reason")}>
            <bdi data-raw="" className="whitespace-pre-wrap">
              {reason}
            </bdi>
          </Fact>
        )}
        {request_id !== undefined && (
          <Fact name={t("column.request")}>
            <CallLink owner={owner} request={request_id} />
          </Fact>
        )}
        {reference !== undefined && (
          <Fact name={t("column.reference")}>
            <bdi data-raw="">{reference}</bdi>
          </Fact>
        )}
        <Fact name={t("column.id")}>
          <ShortId id={entry.id} copy what={t("column.id")} />
        </Fact>
      </dl>
    </div>
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
