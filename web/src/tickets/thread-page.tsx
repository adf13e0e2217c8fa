import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { TicketThreadView, TicketView } from "@/api/types";
import { Time } from "@/components/value/time-ago";
import { useCrumb } from "@/shell/crumb";
import { Page } from "@/shell/page";
import { Facts } from "@/trace/section";
import { CloseButton, ClosedNotice } from "./closing";
import { MessageList } from "./message-list";
import { refreshLists, tickets } from "./queries";
import { ReplyForm } from "./reply-form";
import { RequestLink } from "./request-link";
import { StateBadge } from "./state-badge";
import { ThreadFrame } from "./thread-frame";

/** A ticket of one's own: what was said in it, and a way to say more. */
export function ThreadPage({ id }: { id: string }) {
  return (
    <ThreadFrame side="mine" id={id}>
      {(thread) => <Thread thread={thread} />}
    </ThreadFrame>
  );
}

function Thread({ thread: { ticket, messages } }: { thread: TicketThreadView }) {
  const isClosed = ticket.state === "closed";
  useSeen(ticket);
  useCrumb(ticket.id, ticket.subject);
  return (
    <Page
      title={ticket.subject}
      isRaw
      width="form"
      aside={<StateBadge state={ticket.state} />}
      {...(!isClosed && { actions: <CloseButton side="mine" ticket={ticket} /> })}
    >
      <About ticket={ticket} />
      <MessageList side="mine" messages={messages} />
      {isClosed ? (
        <ClosedNotice side="mine" ticket={ticket} mayOpen />
      ) : (
        <ReplyForm id={ticket.id} />
      )}
    </Page>
  );
}

function About({ ticket }: { ticket: TicketView }) {
  const { t } = useTranslation("tickets");
  const { category, created_at, request_id } = ticket;
  return (
    <Facts
      items={[
        [t("column.category"), t(`category.${category}`)],
        [t("column.created"), <Time key="created" time={created_at} />],
        [
          t("thread.request"),
          request_id && <RequestLink key="request" side="mine" request={request_id} />,
        ],
      ]}
    />
  );
}

/** Whoever reads an answer has seen it, and what came before: said so, the list knows it, too. */
function useSeen({ id, unread, moved_at }: TicketView) {
  const queries = useQueryClient();
  useEffect(() => {
    if (!unread) return;
    tickets.see(id, moved_at).then(
      () => refreshLists(queries),
      () => undefined, // it stays unread, which is no reason to disturb whoever reads it
    );
  }, [id, unread, moved_at, queries]);
}
