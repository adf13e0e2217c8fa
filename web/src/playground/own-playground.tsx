import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { fetchAsUser } from "@/api/client";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { modelsQuery } from "@/models/queries";
import { useMe } from "@/session/use-me";
import { useOrigin } from "@/session/use-origin";
import { Page } from "@/shell/page";
import { activeTokensQuery } from "@/tokens/queries";
import { PlaygroundPage } from "./playground-page";
import { useCallCosts } from "./use-costs";

/** The playground with one's own models and those of one's keys that the server can use. */
export function OwnPlayground() {
  const { t } = useTranslation("playground");
  const { model, key }: { model?: string; key?: string } = useSearch({ strict: false });
  const { features } = useMe();
  const origin = useOrigin();
  const models = useQuery(modelsQuery);
  const keys = useQuery(activeTokensQuery);
  const costs = useCallCosts(features.usage);
  const error = models.error ?? keys.error;
  if (models.data && keys.data) {
    return (
      <PlaygroundPage
        origin={origin}
        models={models.data.items}
        keys={keys.data.items.filter(({ revealable }) => revealable)}
        fetch={fetchAsUser}
        model={model}
        keyId={key}
        costs={costs}
        {...(!features.usage && { traceHref: () => undefined })}
      />
    );
  }
  const retry = () => void Promise.all([models.refetch(), keys.refetch()]);
  return (
    <Page title={t("title")} about={t("lead")}>
      {error ? <ErrorState error={error} onRetry={retry} /> : <Skeleton className="h-64 w-full" />}
    </Page>
  );
}
