import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { useTimeZone } from "@/components/value/time-zone";
import { formatAgo, formatTime } from "@/format/time";

/** Why saving failed. When someone else saved first it says when, and offers to load what they made of it. */
export function SaveProblem({ error, onReload }: { error: unknown; onReload: () => void }) {
  const { t, i18n } = useTranslation("common");
  const zone = useTimeZone();
  if (!error) return null;
  const problem = asProblem(error);
  if (problem.code !== "changed") return <ProblemNotice error={problem} />;
  const { updated_at } = problem.params;
  return (
    <ProblemNotice
      error={problem}
      words={
        updated_at === undefined
          ? t("form.stale")
          : t("form.stale_at", {
              ago:
                formatAgo(updated_at, Date.now(), i18n.language) ??
                formatTime(updated_at, i18n.language, zone),
            })
      }
      action={
        <Button size="sm" onClick={onReload}>
          {t("form.stale_reload")}
        </Button>
      }
    />
  );
}
