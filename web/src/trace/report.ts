/** A request as Markdown, for a ticket: no key, no credential, no address of the client. */

import type { Trace } from "@/api/types";
import { formatDuration } from "@/format/duration";
import { formatUsd } from "@/format/money";
import { formatTimeInFull } from "@/format/time";
import { costTable, plainDecimal } from "./cost";
import { funnelOf } from "./funnel";
import { isSkipped, verdictFacts, verdictSentence } from "./verdict";
import { causeWord, channelWord, exclusionWord, type Reader } from "./words";

export function reportOf(reader: Reader, trace: Trace): string {
  const { t, language, zone } = reader;
  const { call } = trace;
  const item = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`- ${t("report.item", { name, value: plain(value) })}`];
  const lines = [
    `## ${t("report.heading", { id: call.request_id })}`,
    "",
    plain(verdictSentence(reader, trace)),
    "",
    ...verdictFacts(reader, trace).map((fact) => `- ${fact}`),
    ...item(t("facts.time"), formatTimeInFull(call.started_at, language, zone)),
    ...item(t("facts.dialect"), t(`dialect.${call.dialect}`)),
    ...item(t("facts.operation"), call.operation),
    ...item(t("models.asked"), call.model || undefined),
    ...item(t("models.sent"), call.upstream_model),
    ...item(t("models.answered"), call.answered_model),
    ...item(t("facts.client"), call.client),
    ...item(t("facts.group"), call.channel_group),
    ...item(t("facts.node"), trace.node),
    ...item(t("facts.config"), String(trace.config_version)),
    ...attemptsPart(reader, trace),
    ...decisionPart(reader, trace),
    ...costPart(reader, trace),
  ];
  if (trace.losses.length > 0) {
    lines.push("", `### ${t("section.conversion")}`, "");
    lines.push(
      t("conversion.losses"),
      "",
      ...trace.losses.map(
        ({ path, kind, why }) =>
          `- ${[plain(path), `(${t(`conversion.kind.${kind}`)})`, why && plain(why)].filter(Boolean).join(" ")}`,
      ),
    );
  }
  return `${lines.join("\n")}\n`;
}

function attemptsPart(reader: Reader, { call }: Trace): string[] {
  const { t } = reader;
  if (call.attempts.length === 0) return [];
  const head = ["number", "channel", "status", "result", "duration", "id"] as const;
  const rows = call.attempts.map((attempt, at) => [
    String(at + 1),
    channelWord(reader, attempt),
    attempt.status === undefined ? "–" : String(attempt.status),
    attempt.cause === undefined || isSkipped(attempt)
      ? t(`attempt.${attempt.outcome}`)
      : `${t(`attempt.${attempt.outcome}`)} (${causeWord(reader, attempt.cause)})`,
    isSkipped(attempt) ? "–" : formatDuration(attempt.duration_us),
    attempt.upstream_request_id ?? "–",
  ]);
  return part(
    t("section.attempts"),
    table(
      head.map((column) => t(`attempt.${column}`)),
      rows,
    ),
  );
}

function decisionPart(reader: Reader, { decision }: Trace): string[] {
  const { t } = reader;
  if (!decision) return [];
  const { steps } = funnelOf(decision);
  const lines = steps.flatMap((step) => [
    `- ${t("report.item", {
      name: t(`funnel.${step.id}`),
      value: t("funnel.of", { left: step.left, before: step.before }),
    })}`,
    ...step.out.map(
      (one) =>
        `  - ${t("report.item", {
          name: plain(channelWord(reader, one)),
          value: exclusionWord(reader, one, decision.dialect),
        })}`,
    ),
  ]);
  return part(t("section.decision"), lines);
}

function costPart(reader: Reader, trace: Trace): string[] {
  const { t, language } = reader;
  const cost = costTable(trace);
  if (cost.state === "nothing") return [];
  const rows = cost.rows.map((row) => [
    t(`cost.${row.bucket}`),
    String(row.tokens),
    row.priced?.price_usd ?? "–",
    row.priced ? plainDecimal(row.priced.multiplier) : "–",
    row.priced ? formatUsd(row.priced.cost_usd, language) : "–",
  ]);
  if (cost.total !== undefined)
    rows.push([t("cost.total"), "", "", "", formatUsd(cost.total, language)]);
  const head = ["bucket", "count", "price", "multiplier", "cost"] as const;
  return part(
    t("section.cost"),
    table(
      head.map((column) => t(`cost.${column}`)),
      rows,
    ),
  );
}

const part = (heading: string, lines: readonly string[]) => ["", `### ${heading}`, "", ...lines];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** A text that Markdown leaves alone, on one line. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#]/g, "\\$&");
}
