import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Time } from "@/components/value/time-ago";
import { formatCountdown } from "@/format/duration";

const minute = 60_000;
const everyMs = 15_000;

/** A point to come: the day and time, and to the minute how long until then. */
export function Until({ time }: { time: string }) {
  const { t } = useTranslation("plans");
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, []);
  const minutes = Math.ceil((Date.parse(time) - now) / minute);
  return (
    <>
      <Time time={time} />
      {minutes > 0 && (
        <span className="num"> · {t("in", { time: formatCountdown(minutes * minute) })}</span>
      )}
    </>
  );
}
