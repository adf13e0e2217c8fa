import { useTranslation } from "react-i18next";

import type { ChannelStatus } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Countdown } from "@/components/value/countdown";
import { Missing } from "@/components/value/missing";
import { useReader } from "@/trace/use-reader";
import { causeWord } from "@/trace/words";

const shapes: Record<ChannelStatus["state"], Status> = {
  serving: "ok",
  degraded: "degraded",
  cooling_down: "cooling",
  down: "down",
  disabled: "disabled",
};

/** Why a channel is as it is, in words: what is wrong, and what caused it. */
export function useReason(): (status: ChannelStatus) => string {
  const { t } = useTranslation("channels");
  const reader = useReader();
  return ({ reason, cause }) => {
    const parts = [
      reason !== undefined && t(`reason.${reason}`),
      cause !== undefined && causeWord(reader, cause),
    ];
    return parts.filter((part) => part !== false).join(": ");
  };
}

/** How a channel is, why, and for how long. `brief`: where there is a cause, that says enough. */
export function ChannelState(props: { status: ChannelStatus | undefined; brief?: boolean }) {
  const { t } = useTranslation("channels");
  const reasonOf = useReason();
  const { status, brief = false } = props;
  if (!status) return <Missing reason={t("state_unknown")} />;
  const { reason: where, ...rest } = status;
  const isEnough = brief && status.cause !== undefined;
  const reason = reasonOf(isEnough || where === undefined ? rest : status);
  return (
    <StatusBadge
      status={shapes[status.state]}
      word={t(`state.${status.state}`)}
      {...((reason !== "" || status.until !== undefined) && {
        detail: (
          <>
            {reason}
            {status.until !== undefined && (
              <>
                {reason !== "" && " · "}
                <Countdown until={status.until} />
              </>
            )}
          </>
        ),
      })}
    />
  );
}

/** How a credential, an endpoint or a model of a channel is. */
export function PartState(props: {
  part: { state: string; cause?: string; until?: string; enabled?: boolean } | undefined;
}) {
  const { t } = useTranslation("channels");
  const reader = useReader();
  const { part } = props;
  if (!part) return <Missing reason={t("state_unknown")} />;
  if (part.enabled === false) return <StatusBadge status="disabled" />;
  if (part.state === "ok") return <StatusBadge status="ok" />;
  return (
    <StatusBadge
      status="cooling"
      detail={
        <>
          {part.cause !== undefined && causeWord(reader, part.cause)}
          {part.cause !== undefined && part.until !== undefined && " · "}
          {part.until !== undefined && <Countdown until={part.until} />}
        </>
      }
    />
  );
}
