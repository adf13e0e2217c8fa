import { Check, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TicketView } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type Side, tickets } from "./queries";
import { useThreadDeed } from "./use-thread-deed";

interface Props {
  side: Side;
  ticket: Pick<TicketView, "id">;
}

/** Closes a ticket; it can be opened again. */
export function CloseButton({ side, ticket }: Props) {
  const { t } = useTranslation("tickets");
  const { busy, error, run } = useThreadDeed(side);
  return (
    <>
      <Button
        icon={<Check aria-hidden="true" />}
        loading={busy}
        onClick={() => void run(() => tickets.close(side, ticket.id))}
      >
        {t("thread.close")}
      </Button>
      <ProblemNotice error={error} />
    </>
  );
}

/** Says that a ticket is closed. `mayOpen`: with a way to open it again. */
export function ClosedNotice({ side, ticket, mayOpen }: Props & { mayOpen: boolean }) {
  const { t } = useTranslation("tickets");
  const { busy, error, run } = useThreadDeed(side);
  const reopen = (
    <Button
      size="sm"
      icon={<RotateCcw aria-hidden="true" />}
      loading={busy}
      onClick={() => void run(() => tickets.reopen(side, ticket.id))}
    >
      {t("thread.reopen")}
    </Button>
  );
  return (
    <div role="status" className="space-y-2">
      <Notice tone="info" action={mayOpen && reopen}>
        {t("thread.closed")}
      </Notice>
      <ProblemNotice error={error} />
    </div>
  );
}
