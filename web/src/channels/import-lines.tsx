import { ArrowRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Segmented } from "@/components/ui/segmented";
import type { ImportLine, Obstacle, PlanChange } from "./import-plan";

const states = ["create", "update", "unchanged", "failed"] as const;
type State = (typeof states)[number];
const tones = { create: "ok", update: "info", unchanged: "neutral", failed: "err" } as const;

interface Props {
  report: { readonly lines: readonly ImportLine[]; readonly changes: readonly PlanChange[] };
  ticked: ReadonlySet<string>;
  onTick: (name: string, on: boolean) => void;
}

/** What an import would make of each channel, to be ticked. */
export function ImportLines({ report, ticked, onTick }: Props) {
  const { t } = useTranslation("transfer");
  const [state, setState] = useState<State | "all">("all");
  const { lines, changes } = report;
  const countOf = (one: State) => lines.filter((line) => line.state === one).length;
  const present = states.filter((one) => countOf(one) > 0);
  const shown = lines.filter((line) => state === "all" || line.state === state);
  return (
    <div className="space-y-3">
      <p className="text-fg-2">{t("look")}</p>
      <Segmented
        label={t("state_label")}
        value={state}
        onChange={setState}
        options={(["all", ...present] as const).map((value) => ({
          value,
          label: (
            <>
              {t(`state.${value}`)}
              <span className="num text-fg-3">
                {value === "all" ? lines.length : countOf(value)}
              </span>
            </>
          ),
        }))}
      />
      <ul
        aria-label={t("lines")}
        className="divide-y divide-line rounded-panel border border-line bg-surface"
      >
        {shown.map((line) => (
          <Line
            key={line.form.name}
            line={line}
            isTicked={ticked.has(line.form.name)}
            onTick={onTick}
          />
        ))}
      </ul>
      <NewModels changes={changes} />
    </div>
  );
}

/** Models that come along with the channels: they have no price yet. */
export function NewModels({ changes }: { changes: readonly PlanChange[] }) {
  const { t } = useTranslation("transfer");
  const models = changes.filter(({ kind, verb }) => kind === "model" && verb === "create");
  if (models.length === 0) return null;
  return (
    <p className="text-fg-2 text-sm">
      {t("new_models", { count: models.length })}{" "}
      <span data-raw="" className="font-mono [overflow-wrap:anywhere]">
        {models.map(({ name }) => name).join(", ")}
      </span>
    </p>
  );
}

const mostFields = 6;

function Line(props: { line: ImportLine; isTicked: boolean; onTick: Props["onTick"] }) {
  const { t } = useTranslation("transfer");
  const { line, isTicked, onTick } = props;
  const { form, state, fields, keyless, obstacles } = line;
  const [isWhole, setIsWhole] = useState(false);
  const isFree = state === "create" || state === "update";
  const shown = isWhole ? fields : fields.slice(0, mostFields);
  return (
    <li className="space-y-1 px-3 py-2">
      <div className="flex items-center gap-2">
        {isFree && (
          <Checkbox
            aria-label={t("take", { name: form.name })}
            checked={isTicked}
            onChange={(event) => onTick(form.name, event.currentTarget.checked)}
          />
        )}
        <span
          data-raw=""
          data-private=""
          className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]"
        >
          <bdi>{form.name}</bdi>
        </span>
        <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>
      </div>
      {obstacles.map((one) => (
        <Why key={`${one.code} ${one.what}`} obstacle={one} />
      ))}
      {shown.map((field) => (
        <Changed key={field.path} field={field} isNew={state === "create"} />
      ))}
      {shown.length < fields.length && (
        <Button size="sm" variant="ghost" onClick={() => setIsWhole(true)}>
          {t("all_fields", { count: fields.length })}
        </Button>
      )}
      {keyless.length > 0 && isFree && (
        <p className="text-sm text-warn">
          {t("keyless", { count: keyless.length, names: keyless.join(", ") })}
        </p>
      )}
    </li>
  );
}

function Why({ obstacle: { code, what } }: { obstacle: Obstacle }) {
  const { t } = useTranslation("transfer");
  return (
    <p className="text-fg-2 text-sm [overflow-wrap:anywhere]">
      {t(`obstacle.${code}`, { what: what ?? "" })}
    </p>
  );
}

const words = ["kind", "base_url", "dialects", "priority", "weight", "enabled"] as const;
const isWord = (path: string): path is (typeof words)[number] => words.some((one) => one === path);

/** One field before and after. */
function Changed(props: { field: ImportLine["fields"][number]; isNew: boolean }) {
  const { t } = useTranslation(["channels", "transfer", "batch"]);
  const { path, before, after } = props.field;
  const name = (() => {
    if (isWord(path)) return t(`channels:field.${path}`);
    return path === "groups" ? t("channels:column.groups") : path;
  })();
  const said = (value: string | undefined) => {
    if (value === undefined) return t("batch:nothing");
    if (value === "true" || value === "false") {
      return t(value === "true" ? "batch:enabled" : "batch:disabled");
    }
    const known = { "(set)": "set", "(changed)": "changed" } as const;
    return Object.hasOwn(known, value)
      ? t(`transfer:key.${known[value as keyof typeof known]}`)
      : value;
  };
  const [from, to] = [said(before), said(after)];
  return (
    <p className="text-sm">
      <span className="sr-only">
        {props.isNew ? `${name}: ${to}` : t("batch:to", { field: name, before: from, after: to })}
      </span>
      <span
        aria-hidden="true"
        data-private={path === "base_url" ? "" : undefined}
        className="flex flex-wrap items-center gap-x-1.5 [overflow-wrap:anywhere]"
      >
        <span className="text-fg-3">{name}</span>
        {!props.isNew && (
          <>
            <span className="text-fg-2">{from}</span>
            <ArrowRight className="size-3.5 shrink-0 stroke-[1.5] text-fg-3" />
          </>
        )}
        <span className={props.isNew ? "" : "font-medium"}>{to}</span>
      </span>
    </p>
  );
}
