import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { SessionView } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { deviceOf } from "./device";
import { Row } from "./rows";

interface SessionRowProps {
  session: SessionView;
  busy: boolean;
  /** Why it may not be ended. */
  locked?: string | undefined;
  onEnd: (id: string) => Promise<unknown>;
}

/** One place where somebody is signed in. The one that asks is ended by signing out. */
export function SessionRow({ session, busy, locked, onEnd }: SessionRowProps) {
  const { t } = useTranslation("account");
  const [asking, setAsking] = useState(false);
  const device = deviceOf(session.user_agent) ?? session.user_agent.slice(0, 60);
  return (
    <Row
      title={
        <>
          <span data-raw="" title={session.user_agent}>
            {device}
          </span>
          {session.current && <Badge tone="info">{t("sessions.this")}</Badge>}
        </>
      }
      details={[
        <span key="address" data-raw="" data-private="" className="font-mono">
          {session.address}
        </span>,
        <span key="seen">
          {t("sessions.seen")} <TimeAgo time={session.last_seen_at} />
        </span>,
        <span key="until">
          {t("sessions.until")} <Time time={session.expires_at} />
        </span>,
      ]}
      action={
        !session.current && (
          <>
            <Button
              size="sm"
              variant="ghost"
              disabled={busy}
              disabledReason={locked}
              onClick={() => setAsking(true)}
            >
              {t("sessions.end")}
            </Button>
            <ConfirmDialog
              open={asking}
              onOpenChange={setAsking}
              title={t("sessions.end_title", { device })}
              consequence={t("sessions.end_text")}
              verb={t("sessions.end_verb")}
              onConfirm={() => onEnd(session.id)}
            />
          </>
        )
      }
    />
  );
}
