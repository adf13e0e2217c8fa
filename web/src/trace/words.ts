/** Words for the stable codes of a trace, in the language of the page. */

import type { TFunction } from "i18next";

import type { AttemptView, Considered, Dialect } from "@/api/types";
import { formatClock } from "@/format/time";
import type texts from "@/i18n/en/trace";

export type TraceText = TFunction<"trace">;

/** How to write things for one reader. */
export interface Reader {
  t: TraceText;
  language: string;
  /** An IANA name; the browser's when left out. */
  zone?: string | undefined;
}

type Texts = typeof texts;

function isKey<Key extends string>(tree: Record<Key, unknown>, key: string): key is Key {
  return Object.hasOwn(tree, key);
}

const causes: Record<keyof Texts["cause"], true> = {
  connect: true,
  header_timeout: true,
  first_event_timeout: true,
  idle_timeout: true,
  stream_timeout: true,
  broken: true,
  not_an_answer: true,
  too_large: true,
  unauthorized: true,
  exhausted: true,
  rate_limited: true,
  overloaded: true,
  server_error: true,
  no_such_path: true,
  no_such_model: true,
  redirect: true,
  bad_request: true,
  client_gone: true,
  shutdown: true,
  revoked: true,
  not_allowed: true,
  no_channel: true,
  other: true,
};

/** A cause; one that this page does not know yet is shown as it is. */
export function causeWord({ t }: Reader, cause: string): string {
  return t(isKey(causes, cause) ? `cause.${cause}` : "cause.other", { cause });
}

const scopes: Record<keyof Texts["scope"], true> = {
  request: true,
  credential: true,
  endpoint: true,
  channel: true,
  binding: true,
};

/** What a failure put to rest. */
export function scopeWord({ t }: Reader, scope: string): string {
  return isKey(scopes, scope) ? t(`scope.${scope}`) : scope;
}

/** The channel's name where the reader may see it, else its letter. */
export function channelWord({ t }: Reader, of: Pick<AttemptView, "channel" | "label">): string {
  return of.channel ?? t("verdict.channel", { label: of.label });
}

/** Why a candidate was left out. */
export function exclusionWord(
  reader: Reader,
  of: Pick<Considered, "excluded" | "until">,
  dialect: Dialect,
): string {
  const { t, language, zone } = reader;
  switch (of.excluded) {
    case undefined:
      return "";
    case "dialect":
      return t("exclusion.dialect", { dialect: t(`dialect.${dialect}`) });
    case "cooling_down":
      return of.until === undefined
        ? t("exclusion.cooling_down")
        : t("exclusion.cooling_down_until", { time: formatClock(of.until, language, zone) });
    case "channel_disabled":
    case "group_disabled":
    case "binding_disabled":
    case "not_in_groups":
    case "kind":
    case "no_credential":
    case "no_endpoint":
    case "not_home":
    case "outranked":
    case "service_tier":
    case "fast_mode":
    case "out_of_hours":
      return t(`exclusion.${of.excluded}`);
    default:
      return t("exclusion.other", { reason: of.excluded satisfies never });
  }
}
