import { useTranslation } from "react-i18next";

import type { Ranking } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { Missing } from "@/components/value/missing";
import { Tokens } from "@/components/value/tokens";
import { formatExact } from "@/format/number";

/** Where one stands oneself, whether or not the list goes down that far. */
export function OwnPlace({ mine }: { mine: Ranking["mine"] }) {
  const { t, i18n } = useTranslation("ranking");
  const { place, calls, llm_tokens, shown } = mine;
  return (
    <Numbers
      label={t("mine.title")}
      cells={[
        {
          key: "place",
          label: t("mine.place"),
          value:
            place === undefined ? (
              <Missing reason={t(shown === "hidden" ? "mine.hidden" : "mine.no_calls")} />
            ) : (
              formatExact(place, i18n.language)
            ),
        },
        { key: "calls", label: t("mine.calls"), value: <Tokens count={calls} /> },
        { key: "tokens", label: t("mine.llm_tokens"), value: <Tokens count={llm_tokens} /> },
      ]}
    />
  );
}
