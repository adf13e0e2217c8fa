import { useTranslation } from "react-i18next";
import type { NotificationTargetView } from "@/api/types";
import { TimeAgo } from "@/components/value/time-ago";
import { DeliveryState } from "./delivery-state";

/** Where a target that is there sends to, and how that went last. What is secret of it is never shown. */
export function TargetPlace({ target: { kind, hint, last } }: { target: NotificationTargetView }) {
  const { t } = useTranslation("notifications");
  return (
    <div className="space-y-1 [overflow-wrap:anywhere]">
      <p className="text-fg-2">
        {t(`kind.${kind}`)}
        {" · "}
        <bdi data-raw="" data-private="">
          {hint}
        </bdi>
      </p>
      {last !== undefined && (
        <div>
          <DeliveryState state={last.state} detail={<TimeAgo time={last.at} />} />
          {last.error !== undefined && (
            <p data-raw="" className="font-mono text-fg-2 text-xs">
              {last.error}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
