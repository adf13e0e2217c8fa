import { useTranslation } from "react-i18next";

import type { InvitationOffer } from "@/api/types";
import { formatUsdInFull, nanoOf } from "@/format/money";

/** What an invitation is worth, in a sentence: to both, to one of them, or to nobody. */
export function useTermsText(): (terms: InvitationOffer) => string {
  const { t, i18n } = useTranslation("invitations");
  return ({ inviter_usd, invitee_usd, after }) => {
    const [mine, theirs] = [nanoOf(inviter_usd) > 0n, nanoOf(invitee_usd) > 0n];
    if (!mine && !theirs) return t("terms.none");
    const who = mine && theirs ? "both" : mine ? "inviter" : "invitee";
    return t(`terms.${after}.${who}`, {
      inviter: formatUsdInFull(inviter_usd, i18n.language),
      invitee: formatUsdInFull(invitee_usd, i18n.language),
    });
  };
}
