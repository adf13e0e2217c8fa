import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Dialect, ShapeResult } from "@/api/types";
import { cn } from "@/components/class-names";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { useReader } from "@/trace/use-reader";
import { exclusionWord } from "@/trace/words";
import { diff, type Line, spread } from "./diff";
import { type OptionName, optionNames } from "./options";

interface Props {
  result: ShapeResult;
  /** The body as it was tried. */
  before: string;
  dialect: Dialect;
}

/** What options made of a request: both bodies with what differs, the headers, and which options were at work. */
export function ShapedView({ result, before, dialect }: Props) {
  const { t } = useTranslation("options");
  const reader = useReader();
  const after = result.body;
  const sides = useMemo(
    () => after !== undefined && diff(spread(before), spread(after)),
    [before, after],
  );
  if (result.refused.length > 0) return <Refused result={result} />;
  const { excluded } = result;
  return (
    <div className="space-y-4">
      {excluded !== undefined && (
        <Notice tone="warn" heading={t("tester.excluded")}>
          {exclusionWord(reader, { excluded }, dialect)}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-1.5">
        <span className="text-fg-2 text-sm">{t("tester.edits")}</span>
        {result.edits.length === 0 ? (
          <span>{t("tester.no_edits")}</span>
        ) : (
          <ul className="contents">
            {result.edits.map((edit) => (
              <li key={edit} className="contents">
                <Badge tone="info">{isOption(edit) ? t(`option.${edit}.label`) : edit}</Badge>
              </li>
            ))}
          </ul>
        )}
      </div>
      {result.target !== undefined && (
        <p className="text-sm [overflow-wrap:anywhere]">
          <span className="text-fg-2">{t("tester.target")} </span>
          <code data-raw="" data-private="" className="font-mono">
            {result.target}
          </code>
        </p>
      )}
      {result.upstream_model !== undefined && (
        <p className="text-sm [overflow-wrap:anywhere]">
          <span className="text-fg-2">{t("tester.upstream_model")} </span>
          <code data-raw="" className="font-mono">
            {result.upstream_model}
          </code>
        </p>
      )}
      {sides && after !== undefined && (
        <>
          <div className="grid gap-3 @lg:grid-cols-2">
            <Side name={t("tester.before")} lines={sides.before} sign="−" text={before} />
            <Side name={t("tester.after")} lines={sides.after} sign="+" text={after} />
          </div>
          <p className="text-fg-3 text-xs">
            {before === after ? t("tester.same") : t("tester.spread")}
          </p>
        </>
      )}
      <Headers result={result} />
    </div>
  );
}

const isOption = (edit: string): edit is OptionName =>
  (optionNames as readonly string[]).includes(edit);

function Side(props: { name: string; lines: readonly Line[]; sign: "−" | "+"; text: string }) {
  const { t } = useTranslation("options");
  const { name, lines, sign } = props;
  const count = lines.filter(({ changed }) => changed).length;
  return (
    <figure className="min-w-0 overflow-hidden rounded-panel border border-line bg-surface">
      <figcaption className="flex min-h-9 items-center gap-2 border-line border-b bg-surface-2 py-0.5 pr-1 pl-3">
        <span className="min-w-0 flex-1 truncate text-fg-2 text-sm">
          {name}
          {count > 0 && ` · ${t("tester.lines", { count })}`}
        </span>
        <CopyButton text={props.text} what={name} />
      </figcaption>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={name}
        className="max-h-96 overflow-auto py-1 -outline-offset-2!"
      >
        <pre data-raw="" className="w-fit min-w-full font-mono text-xs">
          {lines.map((line, at) => (
            <LineView
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
              key={at}
              line={line}
              sign={sign}
            />
          ))}
        </pre>
      </section>
    </figure>
  );
}

/** A line that the other side lacks has a sign before it, besides its colour. */
function LineView({ line, sign }: { line: Line; sign: "−" | "+" }) {
  const { text, changed } = line;
  const Tag = !changed ? "div" : sign === "+" ? "ins" : "del";
  return (
    <Tag
      className={cn(
        "block px-2 no-underline",
        changed && (sign === "+" ? "bg-ok-soft" : "bg-err-soft"),
      )}
    >
      <span aria-hidden="true" className="inline-block w-4 select-none text-fg-3">
        {changed ? sign : ""}
      </span>
      {text}
    </Tag>
  );
}

function Headers({ result }: { result: ShapeResult }) {
  const { t } = useTranslation("options");
  if (result.headers.length === 0) return null;
  return (
    <section aria-label={t("tester.headers_after")} className="space-y-1">
      <h3 className="font-medium text-sm">{t("tester.headers_after")}</h3>
      <dl className="overflow-hidden rounded-panel border border-line bg-surface px-3 py-1 font-mono text-xs">
        {result.headers.map(({ name, value }, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice
            key={at}
            className="flex flex-wrap gap-x-2 py-0.5"
          >
            <dt data-raw="" className="text-fg-2">
              {name}:
            </dt>
            <dd data-raw="" data-private="" className="min-w-0 [overflow-wrap:anywhere]">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The options cannot be used as they are. */
function Refused({ result }: { result: ShapeResult }) {
  const { t } = useTranslation("options");
  return (
    <Notice tone="err" heading={t("tester.refused")}>
      <ul>
        {result.refused.map(({ field, message }) => (
          <li key={`${field} ${message}`} data-raw="">
            <code className="font-mono text-sm">{field}</code> {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
