import { useTranslation } from "react-i18next";

import { ShortId } from "@/components/value/short-id";
import { AppLink, linkLook } from "@/connect/app-link";
import { useOpens } from "@/shell/use-opens";
import { fullAddress } from "@/usage/trace-beside";
import type { Owner } from "./queries";

/** A call, leading to its trace where the reader may open it. */
export function CallLink({ owner, request }: { owner: Owner; request: string }) {
  const { t } = useTranslation("balance");
  const href = fullAddress(owner === "me" ? "mine" : "all", request);
  if (!useOpens()(href)) return <ShortId id={request} />;
  return (
    <AppLink href={href} className={linkLook} aria-label={t("open_call", { id: request })}>
      <ShortId id={request} />
    </AppLink>
  );
}
