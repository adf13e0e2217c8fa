import { useTranslation } from "react-i18next";

import type { SessionView } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { deviceOf } from "./device";
import { Row } from "./rows";

interface SessionRowProps {
  session: SessionView;
  busy: boolean;
  /** Why it may not be ended. */
  locked?: string | undefined;
  onEnd: (id: string) => void;
}

/** One place where somebody is signed in. The one that asks is ended by signing out. */
export function SessionRow({ session, busy, locked, onEnd }: SessionRowProps) {
  const { t } = useTranslation("account");
  const device = deviceOf(session.user_agent);
  return (
    <Row
      title={
        <>
          <span data-raw="" title={session.user_agent}>
            {device ?? session.user_agent.slice(0, 60)}
          </span>
          {session.current && <Badge tone="info">{t("sessions.this")}</Badge>}
        </>
      }
      details={[
        <span key="address" data-raw="" className="font-mono">
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
          <Button
            size="sm"
            variant="ghost"
            disabled={busy}
            disabledReason={locked}
            onClick={() => onEnd(session.id)}
          >
            {t("sessions.end")}
          </Button>
        )
      }
    />
  );
}
