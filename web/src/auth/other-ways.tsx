import { Fingerprint } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { addressOf, api, path } from "@/api/client";
import type { LoginResult } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { useBootstrap } from "@/session/use-me";
import { askForPasskey, canUsePasskeys } from "./passkey";

interface Props {
  returnTo: string | undefined;
  onResult: (result: LoginResult) => Promise<void>;
}

/** Signing in without the password: a passkey, or an account elsewhere. */
export function OtherWays({ returnTo, onResult }: Props) {
  const { t } = useTranslation("auth");
  const { login_providers, passkeys } = useBootstrap();
  const withPasskey = passkeys && canUsePasskeys();
  if (!withPasskey && login_providers.length === 0) return null;
  return (
    <div className="space-y-2">
      <p className="flex items-center gap-3 text-fg-3 text-sm before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t("login.or")}
      </p>
      {withPasskey && <PasskeyButton onResult={onResult} />}
      {login_providers.map(({ id, name }) => (
        <Button key={id} asChild className="w-full">
          <a href={addressOf(path`/api/session/oauth/${id}`, { return_to: returnTo })}>
            {t("login.with", { name })}
          </a>
        </Button>
      ))}
    </div>
  );
}

function PasskeyButton({ onResult }: Pick<Props, "onResult">) {
  const { t } = useTranslation("auth");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function signIn() {
    setBusy(true);
    setError(undefined);
    try {
      const { challenge, options } = await api.post("/api/session/passkey/begin", {});
      const credential = await askForPasskey(options);
      if (credential === undefined) return;
      await onResult(await api.post("/api/session/passkey", { challenge, credential }));
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button
        className="w-full"
        loading={busy}
        icon={<Fingerprint aria-hidden="true" />}
        onClick={signIn}
      >
        {t("login.passkey")}
      </Button>
      <ProblemNotice error={error} />
    </>
  );
}
