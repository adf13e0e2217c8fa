import { useTranslation } from "react-i18next";

import type { ChannelTestView } from "@/api/types";

type Outcome = ChannelTestView["outcome"];

const looks: Record<Outcome, { height: number; colour: string }> = {
  ok: { height: 16, colour: "fill-ok" },
  flawed: { height: 11, colour: "fill-warn" },
  failed: { height: 6, colour: "fill-err" },
};

/** The last results, one cell each, oldest first. Height and colour say the same. */
export function OutcomeStrip({ outcomes }: { outcomes: readonly Outcome[] }) {
  const { t } = useTranslation("channel_tests");
  const count = outcomes.length;
  if (count === 0) return null;
  const of = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length;
  return (
    <svg
      role="img"
      aria-label={t("strip", {
        count,
        passed: of("ok"),
        flawed: of("flawed"),
        failed: of("failed"),
      })}
      viewBox={`0 0 ${count * 4} 16`}
      preserveAspectRatio="none"
      width={count * 6}
      className="h-4 max-w-full"
    >
      {outcomes.map((outcome, at) => {
        const { height, colour } = looks[outcome];
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a test is known by its place
            key={at}
            x={at * 4}
            y={16 - height}
            width={3}
            height={height}
            className={colour}
          >
            <title>{t(`outcome.${outcome}`)}</title>
          </rect>
        );
      })}
    </svg>
  );
}
