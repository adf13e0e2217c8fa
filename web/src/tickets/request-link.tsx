import { useTranslation } from "react-i18next";

import { path } from "@/api/client";
import { ShortId } from "@/components/value/short-id";
import { AppLink, linkLook } from "@/connect/app-link";
import { useOpens } from "@/shell/use-opens";
import type { Side } from "./queries";

/** The call a ticket is about, leading to its trace where the reader may open it. */
export function RequestLink({ side, request }: { side: Side; request: string }) {
  const { t } = useTranslation("tickets");
  const href = side === "mine" ? path`/usage/${request}` : path`/admin/requests/${request}`;
  if (!useOpens()(href)) return <ShortId id={request} />;
  return (
    <AppLink href={href} className={linkLook} aria-label={t("thread.open_call", { id: request })}>
      <ShortId id={request} />
    </AppLink>
  );
}
