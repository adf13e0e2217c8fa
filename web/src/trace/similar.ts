/** Which other requests went the same way at about the same time. */

import type { CallView } from "@/api/types";

const spanMs = 15 * 60_000;

export interface Similar {
  /** In the grammar of lists. */
  filter: string;
  since: string;
  until: string;
}

/** Same outcome, cause and channel; for what went well, the same model. */
export function similarTo(call: CallView): Similar {
  const terms = [`outcome:${call.outcome}`];
  if (call.cause !== undefined) terms.push(`cause:${call.cause}`);
  if (call.outcome === "refused") terms.push(`status:${call.status}`);
  if (call.channel !== undefined) terms.push(`channel:${quoted(call.channel)}`);
  if (call.outcome === "ok" || call.channel === undefined)
    if (call.model !== "") terms.push(`model:${quoted(call.model)}`);
  const at = Date.parse(call.started_at);
  return {
    filter: terms.join(" "),
    since: new Date(at - spanMs).toISOString(),
    until: new Date(at + spanMs).toISOString(),
  };
}

function quoted(value: string): string {
  return /^[\w./-]+$/.test(value) ? value : `"${value.replaceAll('"', "")}"`;
}
