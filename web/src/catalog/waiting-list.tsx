import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { WaitingPrice } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { formatUsdInFull } from "@/format/money";
import { formatExact } from "@/format/number";
import { importParts } from "./import-line";
import { termsDraftOf } from "./terms";
import { useTermsText } from "./terms-text";

/** Lines that are drawn at first, and more each time somebody asks. */
const page = 100;

interface Props {
  waiting: readonly WaitingPrice[];
  ticked: ReadonlySet<string>;
  mayTick: boolean;
  onTick: (models: readonly string[], on: boolean) => void;
}

/** The prices that wait for somebody, each beside the one that is there, to be ticked. */
export function WaitingList({ waiting, ticked, mayTick, onTick }: Props) {
  const { t, i18n } = useTranslation("catalog");
  const [shown, setShown] = useState(page);
  if (waiting.length === 0) return <p className="text-fg-2">{t("sync.none")}</p>;
  const all = waiting.map(({ model }) => model);
  const count = all.filter((model) => ticked.has(model)).length;
  const more = waiting.length - shown;
  return (
    <section aria-label={t("sync.list")} className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-semibold">{t("sync.list")}</h3>
        {mayTick && (
          <Checkbox
            label={t("sync.all")}
            checked={count === all.length}
            indeterminate={count > 0 && count < all.length}
            onChange={(event) => onTick(all, event.currentTarget.checked)}
          />
        )}
      </div>
      <ul className="divide-y divide-line rounded-panel border border-line">
        {waiting.slice(0, shown).map((one) => (
          <Line
            key={one.model}
            one={one}
            isTicked={mayTick ? ticked.has(one.model) : undefined}
            onTick={(on) => onTick([one.model], on)}
          />
        ))}
      </ul>
      {more > 0 && (
        <Button onClick={() => setShown(shown + page)}>
          {t("sync.more", { count: more, number: formatExact(more, i18n.language) })}
        </Button>
      )}
    </section>
  );
}

function Line(props: {
  one: WaitingPrice;
  /** Left out where nothing can be ticked. */
  isTicked: boolean | undefined;
  onTick: (on: boolean) => void;
}) {
  const { t } = useTranslation("catalog");
  const { one, isTicked } = props;
  const moves = useMoves();
  return (
    <li className="flex items-start gap-2 px-3 py-2">
      {isTicked !== undefined && (
        <Checkbox
          aria-label={t("import.take", { model: one.model })}
          checked={isTicked}
          onChange={(event) => props.onTick(event.currentTarget.checked)}
        />
      )}
      <div className="min-w-0 flex-1 space-y-1">
        <div className="flex flex-wrap items-center gap-x-2">
          <code data-raw="" className="font-mono text-sm [overflow-wrap:anywhere]">
            {one.model}
          </code>
          <Badge tone={one.cause === "review" ? "info" : "warn"}>
            {t(`sync.cause.${one.cause}`)}
          </Badge>
        </div>
        <dl className="flex flex-wrap gap-x-4 text-sm">
          {moves(one).map(({ label, before, after }) => (
            <div key={label} className="flex gap-1.5">
              <dt className="text-fg-2">{label}</dt>
              <dd className="num [overflow-wrap:anywhere]">
                <span className="text-fg-3">{`${before} → `}</span>
                <span className="font-medium">{after}</span>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </li>
  );
}

interface Move {
  label: string;
  before: string;
  after: string;
}

/** What of a price differs: prices of tokens, then what few prices have. */
function useMoves(): (one: WaitingPrice) => readonly Move[] {
  const { t, i18n } = useTranslation("catalog");
  const words = useTermsText();
  const usd = (text: string | undefined) =>
    text === undefined ? "" : formatUsdInFull(text, i18n.language);
  return ({ before, after }) => {
    const termsBefore = words(termsDraftOf(before?.terms));
    const parts = [
      ...importParts.map((part) => ({
        label: t(`column.${part}`),
        before: usd(before?.[part]),
        after: usd(after[part]),
      })),
      ...words(termsDraftOf(after.terms)).map(({ label, text }, at) => ({
        label,
        before: termsBefore[at]?.text ?? "",
        after: text,
      })),
    ];
    return parts
      .filter((part) => part.before !== part.after)
      .map((part) => ({ ...part, before: part.before || "–", after: part.after || "–" }));
  };
}
