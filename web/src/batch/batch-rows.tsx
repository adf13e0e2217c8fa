import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { type LimitKind, limitKinds } from "@/limits/limits";
import type { FieldChange, Miss, OutcomeItem, PreviewItem } from "./batch";

const fields = ["enabled", "priority", "weight", "groups", "group"] as const;
type Known = (typeof fields)[number];
const isKnown = (path: string): path is Known => fields.some((field) => field === path);
/** The limit that a path is about. */
const limitIn = (path: string) => limitKinds.find((kind) => path === `limits.${kind}`);

/** What would change, object by object, and below it what is left out and why. */
export function PreviewRows(props: { items: readonly PreviewItem[]; end?: "delete" | "revoke" }) {
  const { t } = useTranslation("batch");
  const changing = props.items.filter(({ skipped }) => skipped === undefined);
  const skipped = props.items.filter((item) => item.skipped !== undefined);
  return (
    <>
      {changing.length > 0 && (
        <Rows label={t("preview_heading")}>
          {changing.map((item) => (
            <Row key={item.id} name={item.name}>
              {props.end ? (
                <p className="text-err">{t(`ends.${props.end}`)}</p>
              ) : (
                item.changes.map((change) => <Changed key={change.path} change={change} />)
              )}
            </Row>
          ))}
        </Rows>
      )}
      <Left items={skipped.map(({ skipped, ...rest }) => ({ ...rest, miss: skipped }))} skipped />
    </>
  );
}

/** What was left as it is, and why. */
export function OutcomeRows({ items }: { items: readonly OutcomeItem[] }) {
  const failed = items.filter((item) => item.failed !== undefined);
  return <Left items={failed.map(({ failed, ...rest }) => ({ ...rest, miss: failed }))} />;
}

interface LeftItem {
  id: string;
  name: string;
  miss?: Miss | undefined;
  detail?: string | undefined;
}

function Left({ items, skipped }: { items: readonly LeftItem[]; skipped?: boolean }) {
  const { t } = useTranslation("batch");
  if (items.length === 0) return null;
  const heading = t(skipped ? "skipped" : "failed", { count: items.length });
  return (
    <section className="space-y-1">
      <h3 className="font-medium text-sm">{heading}</h3>
      <Rows label={heading}>
        {items.map(({ id, name, miss, detail }) => (
          <Row key={id} name={name}>
            <p className="text-fg-2">{t(`miss.${miss ?? "refused"}`)}</p>
            {detail !== undefined && (
              <p className="font-mono text-fg-3 text-xs [overflow-wrap:anywhere]">{detail}</p>
            )}
          </Row>
        ))}
      </Rows>
    </section>
  );
}

function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line rounded-panel border border-line bg-surface text-sm"
    >
      {children}
    </ul>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <li className="grid gap-x-4 gap-y-0.5 px-3 py-1.5 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <span data-raw="" className="font-medium [overflow-wrap:anywhere]">
        {name}
      </span>
      <div className="min-w-0 space-y-0.5">{children}</div>
    </li>
  );
}

/** One field before and after. */
function Changed({ change }: { change: FieldChange }) {
  const { t } = useTranslation("batch");
  const { path } = change;
  const limit = limitIn(path);
  if (limit !== undefined) return <ChangedLimit limit={limit} change={change} />;
  const shown = (value: string | undefined) => {
    if (value === undefined) return t("nothing");
    if (path === "enabled") return value === "true" ? t("enabled") : t("disabled");
    return value;
  };
  return (
    <Line
      field={isKnown(path) ? t(`field.${path}`) : path}
      before={shown(change.before)}
      after={shown(change.after)}
    />
  );
}

/** By itself: its words are there only where objects have limits. */
function ChangedLimit({ limit, change }: { limit: LimitKind; change: FieldChange }) {
  const { t } = useTranslation("limits");
  const { before = t("none"), after = t("none") } = change;
  return <Line field={t(`field.${limit}`)} before={before} after={after} />;
}

function Line({ field, before, after }: { field: string; before: string; after: string }) {
  const { t } = useTranslation("batch");
  return (
    <p>
      <span className="sr-only">{t("to", { field, before, after })}</span>
      <span
        aria-hidden="true"
        className="num flex flex-wrap items-center gap-x-1.5 [overflow-wrap:anywhere]"
      >
        <span className="text-fg-3">{field}</span>
        <span className="text-fg-2">{before}</span>
        <ArrowRight className="size-3.5 shrink-0 stroke-[1.5] text-fg-3" />
        <span className="font-medium">{after}</span>
      </span>
    </p>
  );
}
