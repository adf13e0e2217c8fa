import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { StatusBadge } from "@/components/ui/status-badge";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useReauthenticated } from "@/session/reauthentication";
import { updateMe } from "@/session/session";
import { useMe } from "@/session/use-me";
import { Part } from "./part";
import { RecoveryCodes } from "./recovery-codes";
import { type Secret, TotpForm } from "./totp-form";
import { useDeed } from "./use-deed";

/** The second step at sign-in: an authenticator app, and codes for when it is lost. */
export function TotpSection() {
  const { t } = useTranslation("account");
  const me = useMe();
  const queries = useQueryClient();
  const known = useReauthenticated();
  const { busy, error, run } = useDeed();
  const [secret, setSecret] = useState<Secret>();
  const [codes, setCodes] = useState<string[]>();
  const [removing, setRemoving] = useState(false);
  const setTotp = (totp: boolean) => updateMe(queries, { totp });

  const begin = () => run(async () => setSecret(await api.post("/api/me/totp/begin", {})));
  const renew = () =>
    run(async () => {
      const made = await api.post("/api/me/recovery-codes", {});
      setCodes(made.recovery_codes);
    });

  return (
    <Part
      title={t("totp.title")}
      about={t("totp.about")}
      state={
        <StatusBadge
          status={me.totp ? "ok" : "disabled"}
          word={me.totp ? t("totp.on") : t("totp.off")}
        />
      }
      actions={
        secret || codes ? undefined : me.totp ? (
          <>
            <Button loading={busy} onClick={renew}>
              {t("totp.renew")}
            </Button>
            <Button variant="danger_outline" onClick={() => setRemoving(true)}>
              {t("totp.remove")}
            </Button>
          </>
        ) : (
          <Button loading={busy} onClick={begin}>
            {t("totp.begin")}
          </Button>
        )
      }
    >
      <ProblemNotice error={error} />
      {secret && (
        <TotpForm
          secret={secret}
          onCancel={() => setSecret(undefined)}
          onDone={(made) => {
            setSecret(undefined);
            setCodes(made);
            setTotp(true);
          }}
        />
      )}
      {codes && <RecoveryCodes codes={codes} onKept={() => setCodes(undefined)} />}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t("totp.remove_title")}
        consequence={t("totp.remove_text")}
        verb={t("totp.remove")}
        onConfirm={async () => {
          await known(() => api.delete("/api/me/totp"));
          setTotp(false);
        }}
      />
    </Part>
  );
}
