import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { PublicStatus } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { everyStatusQuery } from "./queries";

/** How the whole of it is doing, whatever the list below is narrowed to. What changes while somebody looks is read aloud. */
export function StatusSentence() {
  const { t } = useTranslation("public");
  const { data } = useQuery(everyStatusQuery);
  const said = data && sentenceOf(data);
  return (
    <div role="status">
      {said && (
        <Notice tone={said.tone}>
          <span className="font-medium">
            {said.words === "trouble"
              ? t("status.trouble", { count: said.count, total: said.total })
              : t(`status.${said.words}`)}
          </span>
        </Notice>
      )}
    </div>
  );
}

interface Sentence {
  words: "works" | "trouble" | "quiet";
  tone: "ok" | "warn" | "err" | "info";
  count: number;
  total: number;
}

/** Nothing is said of no models. */
function sentenceOf(models: readonly PublicStatus[]): Sentence | undefined {
  const total = models.length;
  if (total === 0) return undefined;
  const is = (state: PublicStatus["state"]) => models.filter((one) => one.state === state).length;
  const [down, unknown] = [is("down"), is("unknown")];
  const count = down + is("degraded");
  if (count > 0) return { words: "trouble", tone: down > 0 ? "err" : "warn", count, total };
  if (unknown === total) return { words: "quiet", tone: "info", count, total };
  return { words: "works", tone: "ok", count, total };
}
