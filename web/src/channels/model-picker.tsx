import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { UpstreamModel } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";

interface Props {
  items: readonly UpstreamModel[];
  /** Ids of the vendor. */
  chosen: ReadonlySet<string>;
  onChange: (chosen: Set<string>) => void;
  /** Leaves out what the channel serves already; it is marked instead. */
  bound?: ReadonlySet<string>;
  className?: string;
}

/** The models of a vendor, to be ticked. */
export function ModelPicker({ items, chosen, onChange, bound, className = "max-h-72" }: Props) {
  const { t } = useTranslation("channels");
  const [q, setQ] = useState("");
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = items.filter(({ id }) => words.every((word) => id.toLowerCase().includes(word)));
  const free = shown.filter(({ id }) => !bound?.has(id));
  const tick = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    onChange(next);
  };
  const recommended = items.filter((one) => one.recommended && !bound?.has(one.id));
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <Input
          type="search"
          value={q}
          aria-label={t("picker.search")}
          placeholder={t("picker.search")}
          onChange={(event) => setQ(event.target.value)}
          className="w-auto min-w-40 flex-1"
        />
        {recommended.length > 0 && (
          <Button
            size="sm"
            onClick={() =>
              tick(
                recommended.map(({ id }) => id),
                true,
              )
            }
          >
            {t("picker.recommended", { count: recommended.length })}
          </Button>
        )}
        <Button
          size="sm"
          onClick={() =>
            tick(
              free.map(({ id }) => id),
              true,
            )
          }
        >
          {words.length > 0 ? t("picker.all_shown", { count: free.length }) : t("picker.all")}
        </Button>
        <Button
          size="sm"
          onClick={() =>
            tick(
              free.map(({ id }) => id),
              false,
            )
          }
        >
          {t("picker.none")}
        </Button>
      </div>
      <ul
        aria-label={t("picker.label")}
        className={`divide-y divide-line overflow-y-auto rounded-panel border border-line bg-surface ${className}`}
      >
        {shown.map((model) => (
          <li key={model.id} className="flex flex-wrap items-center gap-x-2 px-3 py-1">
            <Checkbox
              className="min-w-0 flex-1"
              disabled={bound?.has(model.id)}
              checked={chosen.has(model.id) || (bound?.has(model.id) ?? false)}
              onChange={(event) => tick([model.id], event.currentTarget.checked)}
              label={
                <code data-raw="" className="font-mono text-sm [overflow-wrap:anywhere]">
                  {model.id}
                </code>
              }
            />
            <Marks
              model={model}
              isBound={bound?.has(model.id) ?? false}
              isFresh={bound !== undefined}
            />
          </li>
        ))}
        {shown.length === 0 && (
          <li className="px-3 py-4 text-center text-fg-3">{t("picker.no_match")}</li>
        )}
      </ul>
    </div>
  );
}

function Marks(props: { model: UpstreamModel; isBound: boolean; isFresh: boolean }) {
  const { t } = useTranslation("channels");
  const { model, isBound, isFresh } = props;
  return (
    <span className="flex gap-1">
      {isFresh &&
        (isBound ? <Badge>{t("mark.bound")}</Badge> : <Badge tone="info">{t("mark.new")}</Badge>)}
      {model.recommended && !isBound && <Badge tone="ok">{t("mark.recommended")}</Badge>}
      {!model.priced && (
        <Badge tone="warn" title={t("mark.no_price_help")}>
          {t("mark.no_price")}
        </Badge>
      )}
    </span>
  );
}
