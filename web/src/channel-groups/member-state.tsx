import { useTranslation } from "react-i18next";

import type { ChannelStatus } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Countdown } from "@/components/value/countdown";
import { type Channel, isEnabled } from "@/config/objects";
import { useReader } from "@/trace/use-reader";
import { causeWord } from "@/trace/words";

const shapes: Record<ChannelStatus["state"], Status> = {
  serving: "ok",
  degraded: "degraded",
  cooling_down: "cooling",
  down: "down",
  disabled: "disabled",
};

/** The state of a channel; before it is known, only whether it is switched on. */
export function stateOf(channel: Channel, status: ChannelStatus | undefined): Status {
  if (!isEnabled(channel)) return "disabled";
  return status ? shapes[status.state] : "unknown";
}

/** How a member is, and why. */
export function MemberState(props: { channel: Channel; status: ChannelStatus | undefined }) {
  const { t } = useTranslation("common");
  const reader = useReader();
  const { channel, status } = props;
  const state = stateOf(channel, status);
  return (
    <StatusBadge
      status={state}
      word={state === "ok" ? t("states.serving") : t(`states.${state}`)}
      {...(status &&
        (status.cause !== undefined || status.until !== undefined) && {
          detail: (
            <>
              {status.cause !== undefined && causeWord(reader, status.cause)}
              {status.cause !== undefined && status.until !== undefined && " · "}
              {status.until !== undefined && <Countdown until={status.until} />}
            </>
          ),
        })}
    />
  );
}
