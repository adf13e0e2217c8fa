import type { TFunction } from "i18next";

import type { Finding } from "@/api/types";
import { formatClock } from "@/format/time";
import type texts from "@/i18n/en/admin";
import { causeWord, type Reader } from "@/trace/words";

/** A finding for a person: what is wrong, what shows it, and where it is mended. */
export interface FindingText {
  readonly what: string;
  /** The names and figures behind it; nothing where the sentence says all. */
  readonly evidence?: string;
  readonly fix?: { readonly label: string; readonly href: string };
}

type Texts = TFunction<"admin">;

/** The words for a finding. What a newer server may find and this page does not know is shown by its name. */
export function findingText(t: Texts, reader: Reader, finding: Finding): FindingText {
  const { kind, params, link } = finding;
  const count = Number(params.count ?? 1);
  const fix = (label: string, href = link) => (href === undefined ? {} : { fix: { label, href } });
  const evidence = (text: string | undefined) =>
    text === undefined || text === "" ? {} : { evidence: text };
  const cause = params.cause === undefined ? undefined : causeWord(reader, params.cause);
  switch (kind) {
    case "channel_down":
      return {
        what:
          finding.severity === "error"
            ? t("finding.channel_down", { channel: params.channel })
            : t("finding.channel_rests", { channel: params.channel }),
        ...evidence(
          [reasonOf(t, params.reason), cause, untilOf(t, reader, params.until)]
            .filter(Boolean)
            .join(" · "),
        ),
        ...fix(t("fix.channel")),
      };
    case "credential_failing":
      return {
        what: t("finding.credential_failing", {
          channel: params.channel,
          credential: params.credential,
        }),
        ...evidence(cause),
        ...fix(t("fix.credential")),
      };
    case "model_no_channel":
      return {
        what: t("finding.model_no_channel", { count }),
        ...evidence(params.models ?? params.model),
        ...fix(t("fix.models")),
      };
    case "model_one_channel":
      return {
        what: t("finding.model_one_channel", { count }),
        ...evidence(params.models ?? params.model),
        ...fix(t("fix.models")),
      };
    case "price_missing":
      return {
        what: t("finding.price_missing", { count }),
        ...evidence(params.models ?? params.model),
        ...fix(t("fix.prices"), "/admin/models?f=priced%3Afalse"),
      };
    case "plain_http":
      return {
        what: t("finding.plain_http"),
        ...evidence(params.address),
        ...fix(t("fix.settings"), link ?? settings),
      };
    case "no_base_url":
      return { what: t("finding.no_base_url"), ...fix(t("fix.settings"), link ?? settings) };
    case "catalog_defect":
      return {
        what: t("finding.catalog_defect", { count }),
        ...evidence(params.message),
        ...fix(t("fix.look")),
      };
    case "spool":
      return {
        what:
          Number(params.lost ?? 0) > 0
            ? t("finding.spool_lost", { count: Number(params.lost) })
            : t("finding.spool_waiting", { count: Number(params.waiting ?? 0) }),
        ...fix(t("fix.look")),
      };
    default:
      return { what: String(kind satisfies never), ...fix(t("fix.look")) };
  }
}

const settings = "/admin/settings";

type Reason = keyof (typeof texts)["reason"];

const reasons: Record<Reason, true> = {
  no_endpoint: true,
  no_credential: true,
  no_model: true,
  channel_resting: true,
  credentials_resting: true,
  endpoints_resting: true,
  models_resting: true,
  failing: true,
};

function reasonOf(t: Texts, reason: string | undefined): string | undefined {
  if (reason === undefined || !Object.hasOwn(reasons, reason)) return reason;
  return t(`reason.${reason as Reason}`);
}

function untilOf(t: Texts, reader: Reader, until: string | undefined): string | undefined {
  if (until === undefined) return undefined;
  return t("finding.until", { time: formatClock(until, reader.language, reader.zone) });
}
