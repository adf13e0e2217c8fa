import { useTranslation } from "react-i18next";

import { path } from "@/api/client";
import type { TicketView } from "@/api/types";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import { AppLink, linkLook } from "@/connect/app-link";
import { useOpens } from "@/shell/use-opens";
import { RequestLink } from "@/tickets/request-link";
import { Facts, Section } from "@/trace/section";
import { Assignment } from "./assignment";

/** Beside a ticket: who asked, what about, and who cares for it. */
export function TicketSide({ ticket, mayWrite }: { ticket: TicketView; mayWrite: boolean }) {
  const { t } = useTranslation(["ticket_office", "tickets"]);
  const { username, assignee, category, created_at, request_id } = ticket;
  return (
    <aside className="min-w-0 space-y-6">
      <Section title={t("ticket_office:side.title")}>
        <Facts
          isOneColumn
          items={[
            [t("ticket_office:column.user"), <User key="user" name={username} />],
            [
              t("ticket_office:side.request"),
              request_id && <RequestLink key="request" side="office" request={request_id} />,
            ],
            [t("ticket_office:column.category"), t(`tickets:category.${category}`)],
            [t("ticket_office:column.created"), <Time key="created" time={created_at} />],
          ]}
        />
      </Section>
      <Section title={t("ticket_office:assign.title")}>
        {assignee === undefined ? (
          <p className="text-fg-2">{t("ticket_office:nobody")}</p>
        ) : (
          <p data-raw="" data-private="" className="font-medium [overflow-wrap:anywhere]">
            {assignee}
          </p>
        )}
        {mayWrite && <Assignment ticket={ticket} />}
      </Section>
    </aside>
  );
}

function User({ name }: { name: string | undefined }) {
  const { t } = useTranslation("ticket_office");
  const opens = useOpens();
  if (name === undefined) return <Missing reason={t("user_gone")} />;
  const href = path`/admin/users/${name}`;
  const shown = (
    <bdi data-raw="" data-private="">
      {name}
    </bdi>
  );
  if (!opens(href)) return shown;
  return (
    <AppLink href={href} className={linkLook}>
      {shown}
    </AppLink>
  );
}
