import type { TicketThreadView } from "@/api/types";
import { useMay } from "@/session/use-me";
import { useCrumb } from "@/shell/crumb";
import { Page } from "@/shell/page";
import { CloseButton, ClosedNotice } from "@/tickets/closing";
import { MessageList } from "@/tickets/message-list";
import { ThreadFrame } from "@/tickets/thread-frame";
import { AnswerForm } from "./answer-form";
import { OfficeState } from "./office-state";
import { TicketSide } from "./ticket-side";

/** A ticket of a user: what was said in it, notes included, and what can be done about it. */
export function OfficeThreadPage({ id }: { id: string }) {
  return (
    <ThreadFrame side="office" id={id}>
      {(thread) => <Thread thread={thread} />}
    </ThreadFrame>
  );
}

function Thread({ thread: { ticket, messages } }: { thread: TicketThreadView }) {
  const mayWrite = useMay("users.write");
  const isClosed = ticket.state === "closed";
  useCrumb(ticket.id, ticket.subject);
  const mayClose = mayWrite && !isClosed;
  return (
    <Page
      title={ticket.subject}
      isRaw
      aside={<OfficeState state={ticket.state} />}
      {...(mayClose && { actions: <CloseButton side="office" ticket={ticket} /> })}
    >
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="min-w-0 space-y-6">
          <MessageList side="office" messages={messages} />
          {isClosed && <ClosedNotice side="office" ticket={ticket} mayOpen={mayWrite} />}
          {mayWrite && <AnswerForm ticket={ticket} />}
        </div>
        <div className="min-w-0">
          <TicketSide ticket={ticket} mayWrite={mayWrite} />
        </div>
      </div>
    </Page>
  );
}
