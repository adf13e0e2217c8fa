import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { formatCountdown } from "@/format/duration";

/** What is left until then, second by second. */
export function Countdown({ until, onEnd }: { until: string; onEnd?: () => void }) {
  const { t } = useTranslation("common");
  const end = Date.parse(until);
  const [now, setNow] = useState(Date.now);
  const over = now >= end;
  useEffect(() => {
    if (over) {
      onEnd?.();
      return;
    }
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [over, onEnd]);
  return <span className="num">{t("states.until", { time: formatCountdown(end - now) })}</span>;
}
