import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { MadeToken, UserModel } from "@/api/types";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { modelsQuery } from "@/models/queries";
import { useReauthenticated } from "@/session/reauthentication";
import { useMe } from "@/session/use-me";
import { useOrigin } from "@/session/use-origin";
import { activeTokensQuery, tokens } from "@/tokens/queries";
import { ConnectPanel } from "./connect-panel";
import { useFirstRequest } from "./use-first-request";

const none: readonly UserModel[] = [];

/** Sets a client up with a key that was just made, and is still known in full. */
export default function ConnectMade(props: {
  made: MadeToken | undefined;
  /** Below, once the first request is there. */
  arrived?: ReactNode;
}) {
  const { made } = props;
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
      {waiting.state === "arrived" && props.arrived}
    </div>
  );
}
