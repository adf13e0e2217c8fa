import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { MadeToken, UserModel } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useOrigin } from "@/connect/connect-page";
import { ConnectPanel } from "@/connect/connect-panel";
import { useFirstRequest } from "@/connect/use-first-request";
import { modelsQuery } from "@/models/queries";
import { useReauthenticated } from "@/session/reauthentication";
import { useMe } from "@/session/use-me";
import { activeTokensQuery, tokens } from "@/tokens/queries";

const none: readonly UserModel[] = [];

/** A client is set up, and its first request arrives. */
export function CallStep({ made, onDone }: { made: MadeToken | undefined; onDone: () => void }) {
  const { t } = useTranslation("setup");
  const { features } = useMe();
  const origin = useOrigin();
  const known = useReauthenticated();
  const models = useQuery(modelsQuery);
  const keys = useQuery(activeTokensQuery);
  const { waiting, onTest, testing } = useFirstRequest(models.data?.items ?? none);
  const error = models.error ?? keys.error;
  if (error) {
    const retry = () => void Promise.all([models.refetch(), keys.refetch()]);
    return <ErrorState error={error} onRetry={retry} />;
  }
  if (!models.data || !keys.data) return <Skeleton className="h-64 w-full" />;
  return (
    <div className="space-y-6">
      <ConnectPanel
        origin={origin}
        models={models.data.items}
        keys={keys.data.items}
        {...(made && { keyId: made.token.id, made: { id: made.token.id, key: made.key } })}
        onReveal={(id) => known(async () => (await tokens.reveal(id)).key)}
        waiting={waiting}
        {...(features.playground && { onTest })}
        testing={testing}
        withoutGuide
      />
      {waiting.state === "arrived" && (
        <Button variant="primary" onClick={onDone}>
          {t("next")}
        </Button>
      )}
    </div>
  );
}
