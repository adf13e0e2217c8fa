import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, path } from "@/api/client";
import type { PasskeyView } from "@/api/types";
import { canUsePasskeys, makePasskey } from "@/auth/passkey";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useReauthenticated } from "@/session/reauthentication";
import { meQuery } from "@/session/session";
import { Part } from "./part";
import { passkeysQuery } from "./queries";
import { Row, Rows } from "./rows";
import { useDeed } from "./use-deed";

/** Passkeys: signing in with the device's own lock. */
export function PasskeysSection() {
  const { t } = useTranslation(["account", "common"]);
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(passkeysQuery);
  const known = useReauthenticated();
  const deed = useDeed();
  const [removing, setRemoving] = useState<PasskeyView>();
  const able = canUsePasskeys();

  async function refresh() {
    await queries.invalidateQueries(passkeysQuery);
    await queries.invalidateQueries({ ...meQuery, exact: true });
  }

  const add = () =>
    deed.run(async () => {
      const { challenge, options } = await api.post("/api/me/passkeys/begin", {});
      const credential = await makePasskey(options);
      if (credential === undefined) return;
      const name = nameOfDevice(navigator.userAgent) ?? t("account:passkeys.unnamed");
      await api.post("/api/me/passkeys", { challenge, name, credential });
      await refresh();
    });

  return (
    <Part
      title={t("account:passkeys.title")}
      about={t("account:passkeys.about")}
      actions={
        <Button
          loading={deed.busy}
          disabledReason={able ? undefined : t("account:passkeys.unable")}
          onClick={add}
        >
          {t("account:passkeys.add")}
        </Button>
      }
    >
      <ProblemNotice error={deed.error} />
      {isPending && <Skeleton className="h-12" />}
      {error && <ErrorState error={error} onRetry={refetch} />}
      {data && data.items.length > 0 && (
        <Rows label={t("account:passkeys.title")}>
          {data.items.map((passkey) => (
            <Row
              key={passkey.id}
              title={<span data-raw="">{passkey.name}</span>}
              details={[
                <span key="made">
                  {t("account:passkeys.made")} <Time time={passkey.created_at} />
                </span>,
                <span key="used">
                  {t("account:passkeys.used")} <TimeAgo time={passkey.last_used_at} />
                </span>,
              ]}
              action={
                <Button size="sm" variant="ghost" onClick={() => setRemoving(passkey)}>
                  {t("common:delete")}
                </Button>
              }
            />
          ))}
        </Rows>
      )}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={(open) => !open && setRemoving(undefined)}
        title={t("account:passkeys.remove_title", { name: removing?.name })}
        consequence={t("account:passkeys.remove_text")}
        verb={t("account:passkeys.remove")}
        onConfirm={async () => {
          if (!removing) return;
          await known(() => api.delete(path`/api/me/passkeys/${removing.id}`));
          await refresh();
        }}
      />
    </Part>
  );
}

/** What the device calls itself: enough to tell two passkeys apart. */
function nameOfDevice(userAgent: string): string | undefined {
  return /iPhone|iPad|Android|Windows|Mac|Linux/.exec(userAgent)?.[0];
}
