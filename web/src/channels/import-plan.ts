/** What an import would make of the channels that are there. */
import type { ChannelView, CredentialDraft } from "@/api/types";
import { isEnabled } from "@/config/objects";
import type { ChannelForm } from "./channels-file";

export interface PlanChange {
  readonly verb: "create" | "update" | "delete" | "revoke";
  readonly kind: string;
  readonly name: string;
  readonly fields: readonly { path: string; before?: string; after?: string }[];
}

/** Why a channel cannot be imported as it is in the file. */
export interface Obstacle {
  readonly code: "no_kind" | "no_group" | "other_host" | "no_secrets" | "refused";
  readonly what?: string;
}

export interface ImportLine {
  readonly form: ChannelForm;
  readonly state: "create" | "update" | "unchanged" | "failed";
  readonly fields: PlanChange["fields"];
  /** Credentials of the file whose key is not known here: they are left out. */
  readonly keyless: readonly string[];
  readonly obstacles: readonly Obstacle[];
}

/** A channel of a file as it is sent, with what stands in its way. */
export interface Prepared {
  readonly form: ChannelForm;
  readonly keyless: readonly string[];
  readonly obstacles: readonly Obstacle[];
}

interface Site {
  readonly channels: readonly ChannelView[];
  /** Left out where not all are known here: the server judges then. */
  readonly groups: readonly string[] | undefined;
  readonly mayStoreKeys: boolean;
}

/** Fits a channel of a file to what is there: keys that are there stay, and none is taken away. */
export function prepare(form: ChannelForm, { channels, groups, mayStoreKeys }: Site): Prepared {
  const present = channels.find(({ name }) => name === form.name);
  const { credentials, keyless } = merge(form.credentials, present?.credentials ?? []);
  const obstacles: Obstacle[] = [];
  if (!present && form.kind === undefined) obstacles.push({ code: "no_kind" });
  for (const group of form.groups ?? []) {
    // The server makes this one where it is missing.
    if (groups && group !== "default" && !groups.includes(group)) {
      obstacles.push({ code: "no_group", what: group });
    }
  }
  if (!mayStoreKeys && form.credentials?.some((one) => one.key !== undefined)) {
    obstacles.push({ code: "no_secrets" });
  }
  const kept = (credentials ?? present?.credentials ?? []).filter((one) => one.key === undefined);
  const leads = originOf(form.base_url);
  if (present && kept.length > 0 && leads !== undefined && leads !== originOf(present.base_url)) {
    obstacles.push({ code: "other_host" });
  }
  const { credentials: _, ...rest } = form;
  return {
    form: { ...rest, ...(credentials && { credentials: [...credentials] }) },
    keyless,
    obstacles,
  };
}

const originOf = (url: string | undefined) =>
  url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;

function merge(
  given: readonly CredentialDraft[] | undefined,
  present: readonly CredentialDraft[],
): { credentials: readonly CredentialDraft[] | undefined; keyless: string[] } {
  if (!given) return { credentials: undefined, keyless: [] };
  const held = new Set(present.map(({ name }) => name));
  const isKeyless = (one: CredentialDraft) => one.key === undefined && !held.has(one.name);
  const stays = present.filter(({ name }) => !given.some((one) => one.name === name));
  return {
    credentials: [
      ...stays.map((one) => ({ name: one.name, enabled: isEnabled(one) })),
      ...given.filter((one) => !isKeyless(one)),
    ],
    keyless: given.filter(isKeyless).map(({ name }) => name),
  };
}

/** What the server refused, by channel: `channel \`a\`: why`. Nothing where it cannot be told whose it is. */
export function refusedBy(mistakes: readonly string[]): ReadonlyMap<string, string[]> | undefined {
  const refused = new Map<string, string[]>();
  for (const mistake of mistakes) {
    const [, name, why] = /^channel `(.*?)`: (.+)$/s.exec(mistake) ?? [];
    if (name === undefined || why === undefined) return undefined;
    refused.set(name, [...(refused.get(name) ?? []), why]);
  }
  return refused.size > 0 ? refused : undefined;
}

export function lineOf(
  { form, keyless, obstacles }: Prepared,
  changes: readonly PlanChange[],
): ImportLine {
  const change = changes.find(({ kind, name }) => kind === "channel" && name === form.name);
  const state =
    obstacles.length > 0
      ? "failed"
      : change?.verb === "create" || change?.verb === "update"
        ? change.verb
        : "unchanged";
  return { form, state, fields: change?.fields ?? [], keyless, obstacles };
}

/** Whether the channels in question would become the same by both. */
export function isSame(
  left: readonly PlanChange[],
  right: readonly PlanChange[],
  names: ReadonlySet<string>,
): boolean {
  const told = (changes: readonly PlanChange[]) =>
    JSON.stringify(
      changes
        .filter(({ kind, name }) => kind === "channel" && names.has(name))
        .sort((one, other) => one.name.localeCompare(other.name)),
    );
  return told(left) === told(right);
}
