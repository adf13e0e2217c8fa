import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { agoChangesIn, formatAgo, formatRecent, formatTime, formatTimeInFull } from "@/format/time";
import { Missing } from "./missing";
import { useTimeZone } from "./time-zone";

/** How long ago within a day, else the day and time; all of it is in the tooltip. */
export function TimeAgo({
  time,
  missing,
}: {
  time: string | undefined;
  missing?: string | undefined;
}) {
  const { i18n } = useTranslation();
  const zone = useTimeZone();
  const now = useNowFor(time);
  if (time === undefined) return <Missing {...(missing !== undefined && { reason: missing })} />;
  return (
    <time
      dateTime={time}
      title={formatTimeInFull(time, i18n.language, zone)}
      className="num whitespace-nowrap"
    >
      {formatAgo(time, now, i18n.language) ?? formatRecent(time, now, i18n.language, zone)}
    </time>
  );
}

/** A point in time, with its seconds and zone in the tooltip. */
export function Time({
  time,
  missing,
}: {
  time: string | undefined;
  missing?: string | undefined;
}) {
  const { i18n } = useTranslation();
  const zone = useTimeZone();
  if (time === undefined) return <Missing {...(missing !== undefined && { reason: missing })} />;
  return (
    <time
      dateTime={time}
      title={formatTimeInFull(time, i18n.language, zone)}
      className="num whitespace-nowrap"
    >
      {formatTime(time, i18n.language, zone)}
    </time>
  );
}

const slowestMs = 60_000;
const fastestMs = 5_000;

/** The present, moved on when the words for `time` are to change, while the page is visible. */
function useNowFor(time: string | undefined): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (time === undefined || document.visibilityState === "hidden") return;
    const wait = Math.min(slowestMs, Math.max(fastestMs, agoChangesIn(time, now)));
    const timer = setTimeout(() => setNow(Date.now()), wait);
    return () => clearTimeout(timer);
  }, [time, now]);
  return now;
}
