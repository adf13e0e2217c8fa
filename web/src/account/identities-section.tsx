import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { addressOf, api, path } from "@/api/client";
import type { IdentityView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/value/time-ago";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useReauthenticated } from "@/session/reauthentication";
import { useBootstrap } from "@/session/use-me";
import { Part } from "./part";
import { identitiesQuery } from "./queries";
import { Row, Rows } from "./rows";

/** Accounts elsewhere that open this one. */
export function IdentitiesSection() {
  const { t } = useTranslation("account");
  const queries = useQueryClient();
  const { login_providers } = useBootstrap();
  const { data, error, isPending, refetch } = useQuery(identitiesQuery);
  const known = useReauthenticated();
  const [removing, setRemoving] = useState<IdentityView>();
  const nameOf = (id: string) => login_providers.find((one) => one.id === id)?.name ?? id;
  return (
    <Part title={t("identities.title")} about={t("identities.about")}>
      {isPending && <Skeleton className="h-12" />}
      {error && <ErrorState error={error} onRetry={refetch} />}
      {data && (
        <Rows label={t("identities.title")}>
          {data.items.map((identity) => (
            <Row
              key={identity.id}
              title={<span data-raw="">{nameOf(identity.provider)}</span>}
              details={[
                <span key="who" data-raw="">
                  {identity.email ?? identity.subject}
                </span>,
                <span key="since">
                  {t("identities.since")} <Time time={identity.created_at} />
                </span>,
              ]}
              action={
                <Button size="sm" variant="ghost" onClick={() => setRemoving(identity)}>
                  {t("identities.unlink")}
                </Button>
              }
            />
          ))}
          {login_providers
            .filter(({ id }) => !data.items.some(({ provider }) => provider === id))
            .map(({ id, name }) => (
              <Row
                key={id}
                title={<span data-raw="">{name}</span>}
                details={[<span key="none">{t("identities.none")}</span>]}
                action={
                  <Button size="sm" asChild>
                    <a
                      href={addressOf(path`/api/session/oauth/${id}`, {
                        link: 1,
                        return_to: "/account",
                      })}
                    >
                      {t("identities.link")}
                    </a>
                  </Button>
                }
              />
            ))}
        </Rows>
      )}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={(open) => !open && setRemoving(undefined)}
        title={t("identities.unlink_title", { name: nameOf(removing?.provider ?? "") })}
        consequence={t("identities.unlink_text")}
        verb={t("identities.unlink")}
        onConfirm={async () => {
          if (!removing) return;
          await known(() => api.delete(path`/api/me/identities/${removing.id}`));
          await queries.invalidateQueries(identitiesQuery);
        }}
      />
    </Part>
  );
}
