/** What the parts of a breakdown are called, where the server gives a word instead of a name. */
import { useTranslation } from "react-i18next";

import { useReader } from "@/trace/use-reader";
import { causeWord } from "@/trace/words";
import type { Dimension } from "./queries";

interface Part {
  key: string;
  label: string;
}

const outcomes = ["ok", "refused", "rejected", "failed", "broken", "client_gone"] as const;

/** Names and ids stay as they are; causes, outcomes and what has neither are said in the reader's language. */
export function usePartName(): (dimension: Dimension, part: Part) => string {
  const { t } = useTranslation("usage");
  const reader = useReader();
  return (dimension, { key, label }) => {
    if (key === "_none") return t("part.none");
    if (key === "_other") return t("part.other");
    if (dimension === "cause") return causeWord(reader, key);
    if (dimension === "outcome") {
      const outcome = outcomes.find((one) => one === key);
      return outcome === undefined ? label : reader.t(`outcome.${outcome}`);
    }
    return label;
  };
}
