import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { UserModel } from "@/api/types";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { modelsQuery } from "@/models/queries";
import { useReauthenticated } from "@/session/reauthentication";
import { useMe } from "@/session/use-me";
import { useOrigin } from "@/session/use-origin";
import { Page } from "@/shell/page";
import { activeTokensQuery, tokens } from "@/tokens/queries";
import { ConnectPanel } from "./connect-panel";
import { useFirstRequest } from "./use-first-request";

const none: readonly UserModel[] = [];

/** Set a client up: what to paste where, and a listener for its first request. */
export function ConnectPage() {
  const { t } = useTranslation("connect");
  const { features } = useMe();
  const search: { key?: string; model?: string; client?: string } = useSearch({ strict: false });
  const origin = useOrigin();
  const known = useReauthenticated();
  const models = useQuery(modelsQuery);
  const keys = useQuery(activeTokensQuery);
  const { waiting, onTest, testing } = useFirstRequest(models.data?.items ?? none);
  const error = models.error ?? keys.error;
  const retry = () => void Promise.all([models.refetch(), keys.refetch()]);
  return (
    <Page title={t("title")} about={t("lead")} width="form">
      {error && <ErrorState error={error} onRetry={retry} />}
      {!error && !(models.data && keys.data) && <Skeleton className="h-64 w-full" />}
      {models.data && keys.data && (
        <>
          {keys.data.items.length === 0 && (
            <p>
              <Link to={"/tokens" as never} className="text-primary underline">
                {t("picker.no_keys")}
              </Link>
            </p>
          )}
          <ConnectPanel
            origin={origin}
            models={models.data.items}
            keys={keys.data.items}
            keyId={search.key}
            model={search.model}
            client={search.client}
            onReveal={(id) => known(async () => (await tokens.reveal(id)).key)}
            waiting={waiting}
            {...(features.playground && { onTest })}
            testing={testing}
            links={{
              keys: "/tokens",
              models: "/models",
              requests: features.usage ? "/usage" : undefined,
            }}
          />
        </>
      )}
    </Page>
  );
}
