import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { type Urgency, urgencyOf, waitedText } from "./waiting";

const everyMs = 30_000;

const looks: Record<Urgency, string | undefined> = {
  calm: undefined,
  late: "font-medium text-warn",
  very_late: "font-semibold text-err",
};

/** How long somebody has waited since then, as time goes by. */
export function WaitingTime({ since }: { since: string }) {
  const { t } = useTranslation("ticket_office");
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, []);
  const waited = now - Date.parse(since);
  return (
    <span className={cn("num", looks[urgencyOf(waited)])}>
      {waitedText(waited) ?? t("waiting_now")}
    </span>
  );
}
