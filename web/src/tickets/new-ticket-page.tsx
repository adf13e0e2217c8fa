import { useTranslation } from "react-i18next";

import { Page } from "@/shell/page";
import { NewTicketForm } from "./new-ticket-form";

/** Asks those who run the site something. `request`: the call it is about. */
export function NewTicketPage({ request }: { request: string | undefined }) {
  const { t } = useTranslation("tickets");
  return (
    <Page title={t("make")} about={t("new.about")} width="prose">
      <NewTicketForm key={request} request={request} />
    </Page>
  );
}
