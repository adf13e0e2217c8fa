import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, path } from "@/api/client";
import type { OauthGrantView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { linkLook } from "@/connect/app-link";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useReauthenticated } from "@/session/reauthentication";
import { useOpens } from "@/shell/use-opens";
import { grantsQuery } from "./queries";
import { Row, Rows } from "./rows";

/** The apps that one has let in, and the way to shut them out again. */
export function GrantsSection() {
  const { t } = useTranslation("account");
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(grantsQuery);
  const known = useReauthenticated();
  const [ending, setEnding] = useState<OauthGrantView>();
  return (
    <div className="space-y-3">
      <p className="max-w-140 text-fg-2">{t("apps.about")}</p>
      {isPending && <Skeleton className="h-12" />}
      {error && <ErrorState error={error} onRetry={refetch} />}
      {data?.items.length === 0 && <p className="text-fg-3">{t("apps.none")}</p>}
      {data && data.items.length > 0 && (
        <Rows label={t("apps.title")}>
          {data.items.map((grant) => (
            <GrantRow key={grant.app.id} grant={grant} onEnd={() => setEnding(grant)} />
          ))}
        </Rows>
      )}
      <ConfirmDialog
        open={ending !== undefined}
        onOpenChange={(open) => !open && setEnding(undefined)}
        title={t("apps.end_title", { name: ending?.app.name })}
        consequence={t("apps.end_text")}
        verb={t("apps.end")}
        onConfirm={async () => {
          if (!ending) return;
          await known(() => api.delete(path`/api/oauth/grants/${ending.app.id}`));
          await queries.invalidateQueries(grantsQuery);
        }}
      />
    </div>
  );
}

function GrantRow({ grant, onEnd }: { grant: OauthGrantView; onEnd: () => void }) {
  const { t } = useTranslation(["account", "consent"]);
  const opens = useOpens();
  const { app, scopes, remembered, api_key_id } = grant;
  return (
    <Row
      title={
        <>
          <bdi data-raw="">{app.name}</bdi>
          {app.publisher !== "" && (
            <bdi data-raw="" className="font-normal text-fg-2 text-sm">
              {app.publisher}
            </bdi>
          )}
        </>
      }
      details={[
        <span key="scopes">
          {scopes.map((scope) => t(`consent:scope.${scope}.name`)).join(" · ")}
        </span>,
        <span key="since">
          {t("account:apps.since")} <Time time={grant.created_at} />
        </span>,
        <span key="used">
          {grant.last_used_at === undefined ? (
            t("account:apps.never")
          ) : (
            <>
              {t("account:apps.used")} <TimeAgo time={grant.last_used_at} />
            </>
          )}
        </span>,
        ...(remembered ? [<span key="remembered">{t("account:apps.remembered")}</span>] : []),
        ...(api_key_id !== undefined && opens("/tokens")
          ? [
              <Link key="key" to="/tokens" className={linkLook}>
                {t("account:apps.key")}
              </Link>,
            ]
          : []),
      ]}
      action={
        <Button size="sm" variant="ghost" onClick={onEnd}>
          {t("account:apps.end")}
        </Button>
      }
    />
  );
}
