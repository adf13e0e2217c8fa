import { useTranslation } from "react-i18next";
import type { TicketView } from "@/api/types";
import { cn } from "@/components/class-names";

/** What a ticket is about, with a dot as long as its last answer was not seen. */
export function Subject({ ticket }: { ticket: Pick<TicketView, "subject" | "unread"> }) {
  const { t } = useTranslation("tickets");
  const { subject, unread } = ticket;
  return (
    <>
      {unread && (
        <>
          <span
            aria-hidden="true"
            className="mr-2 inline-block size-2 rounded-full bg-primary align-middle"
          />
          <span className="sr-only">{t("unread")}: </span>
        </>
      )}
      <bdi data-raw="" className={cn(unread && "font-semibold")}>
        {subject}
      </bdi>
    </>
  );
}
