/** What channels can be filtered by: the server knows what is configured, this page also knows how they are. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { channelKinds, dialects } from "@/api/words";
import type { FilterField } from "@/filter/field";
import type { Preset } from "@/filter/filter-bar";
import { printTerms, type Term } from "@/filter/grammar";
import type { ChannelRow } from "./channel";

const states = ["serving", "degraded", "cooling_down", "down", "disabled"] as const;

/** Fields that are judged here, by the state of a channel. */
const own = new Set(["state", "problem"]);

const problems = ["no_models", "credential", "idle"] as const;
type Problem = (typeof problems)[number];

/** The conditions for the server, and those that are judged here. */
export function split(terms: readonly Term[]): { filter: string; own: readonly Term[] } {
  return {
    filter: printTerms(terms.filter(({ field }) => !own.has(field))),
    own: terms.filter(({ field }) => own.has(field)),
  };
}

/** Whether a channel meets the conditions that are judged here. What is not known meets none. */
export function meets(row: ChannelRow, terms: readonly Term[]): boolean {
  return terms.every(({ field, operator, values }) => {
    const is = values.some(({ text }) =>
      field === "state" ? row.status?.state === text : hasProblem(row, text),
    );
    return operator === "!:" ? !is : is;
  });
}

function hasProblem({ channel, status }: ChannelRow, problem: string): boolean {
  switch (problem as Problem) {
    case "no_models":
      return (channel.models?.length ?? 0) === 0;
    case "credential":
      return (
        (channel.credentials?.length ?? 0) === 0 ||
        (status?.credentials.some(({ enabled, state }) => enabled && state !== "ok") ?? false)
      );
    case "idle":
      return status?.hour.strip.every((share) => share === null) ?? false;
    default:
      return false;
  }
}

export function useChannelFields(): readonly FilterField[] {
  const { t } = useTranslation("channels");
  const { t: trace } = useTranslation("trace");
  return useMemo(
    (): FilterField[] => [
      {
        name: "state",
        label: t("column.state"),
        kind: "choice",
        values: states.map((value) => ({ value, label: t(`state.${value}`) })),
      },
      {
        name: "problem",
        label: t("field.problem"),
        kind: "choice",
        values: problems.map((value) => ({ value, label: t(`problem.${value}`) })),
      },
      {
        name: "kind",
        label: t("field.kind"),
        kind: "choice",
        values: channelKinds.map((value) => ({ value, label: t(`kind.${value}`) })),
      },
      { name: "group", label: t("column.groups"), kind: "text" },
      { name: "model", label: t("field.model"), kind: "text" },
      {
        name: "dialect",
        label: t("field.dialect"),
        kind: "choice",
        values: dialects.map((value) => ({ value, label: trace(`dialect.${value}`) })),
      },
      { name: "priority", label: t("field.priority"), kind: "number" },
      { name: "enabled", label: t("field.enabled"), kind: "flag" },
    ],
    [t, trace],
  );
}

/** The questions asked most. */
export function useChannelPresets(): readonly Preset[] {
  const { t } = useTranslation("channels");
  return useMemo(
    () => [
      { id: "attention", label: t("preset.attention"), filter: "state:degraded,cooling_down,down" },
      { id: "cooling", label: t("preset.cooling"), filter: "state:cooling_down" },
      { id: "no_models", label: t("preset.no_models"), filter: "problem:no_models" },
      { id: "idle", label: t("preset.idle"), filter: "problem:idle" },
    ],
    [t],
  );
}
