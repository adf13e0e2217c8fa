import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, path } from "@/api/client";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useReauthenticated } from "@/session/reauthentication";
import { sessionsQuery } from "./queries";
import { Rows } from "./rows";
import { SessionRow } from "./session-row";
import { useDeed } from "./use-deed";

/** Where one is signed in, and the way to end it there. */
export function SessionsSection() {
  const { t } = useTranslation("account");
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(sessionsQuery);
  const known = useReauthenticated();
  const deed = useDeed();
  const [ending, setEnding] = useState(false);
  const others = (data?.items ?? []).filter(({ current }) => !current).length;
  const end = (id: string) =>
    deed.run(async () => {
      await api.delete(path`/api/me/sessions/${id}`);
      await queries.invalidateQueries(sessionsQuery);
    });
  return (
    <div className="space-y-3">
      {isPending && <Skeleton className="h-24" />}
      {error && <ErrorState error={error} onRetry={refetch} />}
      <ProblemNotice error={deed.error} />
      {data && (
        <Rows label={t("sessions.title")}>
          {data.items.map((session) => (
            <SessionRow key={session.id} session={session} busy={deed.busy} onEnd={end} />
          ))}
        </Rows>
      )}
      {others > 0 && (
        <Button variant="danger_outline" onClick={() => setEnding(true)}>
          {t("sessions.end_others")}
        </Button>
      )}
      <ConfirmDialog
        open={ending}
        onOpenChange={setEnding}
        title={t("sessions.end_others")}
        consequence={t("sessions.end_others_text", { count: others })}
        verb={t("sessions.end_others")}
        onConfirm={async () => {
          await known(() => api.delete("/api/me/sessions"));
          await queries.invalidateQueries(sessionsQuery);
        }}
      />
    </div>
  );
}
