import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { InvitationOffer, InvitationView } from "@/api/types";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useOrigin } from "@/session/use-origin";
import { Section } from "@/shell/page";
import { linkOf } from "./code";
import { invitationQuery, renewCode } from "./queries";
import { useTermsText } from "./use-terms-text";

/** The link to give to others, what it is worth, and the way to a new one. */
export function LinkSection({ code, terms }: { code: string; terms: InvitationOffer }) {
  const { t } = useTranslation("invitations");
  const queries = useQueryClient();
  const [isRenewing, setIsRenewing] = useState(false);
  const termsText = useTermsText();
  const link = linkOf(useOrigin(), code);
  return (
    <Section title={t("link")} about={termsText(terms)}>
      <Field label={t("link_field")} help={t("link_help")}>
        <div className="flex gap-2">
          <Input
            readOnly
            value={link}
            data-private=""
            className="min-w-0 font-mono"
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={link} what={t("link_copied")} variant="primary" size="md" />
        </div>
      </Field>
      <Button onClick={() => setIsRenewing(true)}>{t("renew")}</Button>
      <ConfirmDialog
        open={isRenewing}
        onOpenChange={setIsRenewing}
        title={t("renew_title")}
        consequence={t("renew_text")}
        verb={t("renew")}
        onConfirm={async () => {
          const made = await renewCode();
          queries.setQueryData<InvitationView>(
            invitationQuery.queryKey,
            (now) => now && { ...now, code: made.code },
          );
          toast.done(t("renewed"));
        }}
      />
    </Section>
  );
}
