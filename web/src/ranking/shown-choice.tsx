import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { RankingShown } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Segmented } from "@/components/ui/segmented";
import { useMe } from "@/session/use-me";
import { rankingKey, showMe } from "./queries";

const every: readonly RankingShown[] = ["anonymous", "name", "hidden"];

/** How one is shown to others, with what they then see; kept as soon as it is chosen. */
export function ShownChoice({ shown }: { shown: RankingShown }) {
  const { t } = useTranslation("ranking");
  const { username } = useMe();
  const { chosen, choose, error } = useShown(shown);
  return (
    <section aria-label={t("shown.title")} className="space-y-2">
      <h2 className="font-semibold">{t("shown.title")}</h2>
      <Segmented
        label={t("shown.title")}
        value={chosen}
        onChange={choose}
        options={every.map((value) => ({ value, label: t(`shown.${value}`) }))}
      />
      <p role="status" className="max-w-140 text-fg-2">
        {t(`others.${chosen}`, { name: username })}
      </p>
      <ProblemNotice error={error} />
    </section>
  );
}

/** What is chosen holds at once; where the server does not take it, what was before comes back. */
function useShown(shown: RankingShown) {
  const queries = useQueryClient();
  const [pending, setPending] = useState<RankingShown>();
  const [error, setError] = useState<unknown>();
  async function choose(next: RankingShown) {
    if (pending !== undefined) return;
    setPending(next);
    setError(undefined);
    try {
      await showMe(next);
      await queries.invalidateQueries({ queryKey: rankingKey });
    } catch (caught) {
      setError(caught);
    } finally {
      setPending(undefined);
    }
  }
  return { chosen: pending ?? shown, choose: (next: RankingShown) => void choose(next), error };
}
