import { useTranslation } from "react-i18next";

import { Time, TimeAgo } from "@/components/value/time-ago";
import { formatAgo } from "@/format/time";

/** When something was said: the day and time, and within a day how long ago that is. */
export function SaidAt({ time }: { time: string }) {
  const { i18n } = useTranslation();
  const isRecent = formatAgo(time, Date.now(), i18n.language) !== undefined;
  return (
    <span className="text-fg-2 text-sm">
      {isRecent && (
        <>
          <TimeAgo time={time} />
          {" · "}
        </>
      )}
      <Time time={time} />
    </span>
  );
}
