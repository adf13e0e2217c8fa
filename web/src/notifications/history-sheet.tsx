import { RefreshCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NotificationView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { ShortId } from "@/components/value/short-id";
import { Time } from "@/components/value/time-ago";
import { formatExact } from "@/format/number";
import { DeliveryState } from "./delivery-state";
import { useTargetName } from "./use-target-name";

interface Props {
  /** One that is not loaded is not shown: none can be asked for alone. */
  sent: NotificationView | undefined;
  onRetry: (sent: NotificationView) => Promise<void>;
  onClose: () => void;
}

/** One notification in full: what it says, and what became of it. */
export function HistorySheet({ sent, onRetry, onClose }: Props) {
  return (
    <Sheet open={sent !== undefined} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {sent && (
        <SheetContent
          title={
            <bdi data-raw="" data-private="">
              {sent.title}
            </bdi>
          }
          {...(sent.state === "failed" && { footer: <Retry onRetry={() => onRetry(sent)} /> })}
        >
          <Sent sent={sent} />
        </SheetContent>
      )}
    </Sheet>
  );
}

function Retry({ onRetry }: { onRetry: () => Promise<void> }) {
  const { t } = useTranslation("notifications");
  const [busy, setBusy] = useState(false);
  return (
    <Button
      icon={<RefreshCw aria-hidden="true" />}
      loading={busy}
      onClick={() => {
        setBusy(true);
        void onRetry().finally(() => setBusy(false));
      }}
    >
      {t("history.retry")}
    </Button>
  );
}

function Sent({ sent }: { sent: NotificationView }) {
  const { t, i18n } = useTranslation("notifications");
  const nameOf = useTargetName();
  const { target, next_at, sent_at, error } = sent;
  return (
    <div className="space-y-6">
      <p data-raw="" data-private="" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {sent.text}
      </p>
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Fact name={t("column.state")}>
          <DeliveryState state={sent.state} />
        </Fact>
        <Fact name={t("column.event")}>{t(`event.${sent.event}`)}</Fact>
        <Fact name={t("column.target")}>
          <bdi data-raw="">{nameOf(target)}</bdi>
          {target.name !== undefined && target.kind !== undefined && (
            <span className="text-fg-2"> · {t(`kind.${target.kind}`)}</span>
          )}
        </Fact>
        <Fact name={t("column.time")}>
          <Time time={sent.created_at} />
        </Fact>
        {sent_at !== undefined && (
          <Fact name={t("column.sent_at")}>
            <Time time={sent_at} />
          </Fact>
        )}
        {sent.state === "waiting" && next_at !== undefined && (
          <Fact name={t("column.next_at")}>
            <Time time={next_at} />
          </Fact>
        )}
        <Fact name={t("column.attempts")}>{formatExact(sent.attempts, i18n.language)}</Fact>
        <Fact name={t("column.id")}>
          <ShortId id={sent.id} copy what={t("column.id")} />
        </Fact>
      </dl>
      {error !== undefined && (
        <dl>
          <Fact name={t("column.error_help")}>
            <span data-raw="" className="font-mono text-sm">
              {error}
            </span>
          </Fact>
        </dl>
      )}
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
