import { useTranslation } from "react-i18next";
import type { TicketMessageView } from "@/api/types";
import { OneMessage } from "./one-message";
import type { Side } from "./queries";

/** What was said, in its order; what comes anew is told aloud. */
export function MessageList(props: { side: Side; messages: readonly TicketMessageView[] }) {
  const { t } = useTranslation("tickets");
  return (
    <div role="log" aria-label={t("thread.messages")}>
      <ol className="space-y-4">
        {props.messages.map((message) => (
          <li key={message.id}>
            <OneMessage side={props.side} message={message} />
          </li>
        ))}
      </ol>
    </div>
  );
}
