import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Rows } from "@/account/rows";
import { SessionRow } from "@/account/session-row";
import { useDeed } from "@/account/use-deed";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { refreshPeople, sessionsOfQuery, users } from "./queries";
import { useRights } from "./rights";
import { UserDeed } from "./user-deeds";
import { useShownUser } from "./user-page";

/** Where the user is signed in, and the way to end it there or everywhere. */
export function SessionsTab() {
  const { t } = useTranslation("users");
  const user = useShownUser();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(sessionsOfQuery(user.username));
  const locked = useRights()(user).deny("log_out");
  const deed = useDeed();
  const [isAsked, setIsAsked] = useState(false);
  const end = (id: string) =>
    deed.run(async () => {
      await users.endSession(user.username, id);
      await refreshPeople(queries);
    });
  if (!data) {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    return <Skeleton className="h-24" />;
  }
  if (data.items.length === 0) return <p className="text-fg-2">{t("sessions.none")}</p>;
  return (
    <div className="max-w-240 space-y-3">
      <p className="text-fg-2">{t("sessions.about")}</p>
      <ProblemNotice error={deed.error} />
      <Rows label={t("tab.sessions")}>
        {data.items.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            busy={deed.busy}
            locked={locked}
            onEnd={end}
          />
        ))}
      </Rows>
      <Button variant="danger_outline" disabledReason={locked} onClick={() => setIsAsked(true)}>
        {t("log_out")}
      </Button>
      <UserDeed
        asked={isAsked ? { deed: "log_out", user } : undefined}
        onClose={() => setIsAsked(false)}
      />
    </div>
  );
}
