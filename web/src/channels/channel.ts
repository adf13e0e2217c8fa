/** A channel as the server shows and takes it, and what can be told from it alone. */
import type { ChannelKind, ChannelStatus, Dialect } from "@/api/types";

/** A model a channel serves: by its name, or with what the vendor calls it. */
export type BindingForm = string | { name: string; upstream?: string; enabled?: boolean };

/** The same, with nothing left out. */
export interface Binding {
  readonly name: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

/** A secret of a channel. The server never shows `key`; left out, it stays. */
export interface CredentialDraft {
  name: string;
  key?: string;
  enabled?: boolean;
}

/** What can be written of a channel. What is left out stays; a list that is given is the whole list. */
export interface ChannelDraft {
  kind?: ChannelKind;
  base_url?: string;
  /** Empty: by kind. */
  dialects?: Dialect[];
  priority?: number;
  weight?: number;
  enabled?: boolean;
  groups?: string[];
  credentials?: CredentialDraft[];
  models?: BindingForm[];
}

export interface ChannelView extends ChannelDraft {
  id: string;
  name: string;
  kind: ChannelKind;
  created_at: string;
  updated_at: string;
}

/** A channel and how it is; the state comes from another route and may be late. */
export interface ChannelRow {
  readonly channel: ChannelView;
  readonly status: ChannelStatus | undefined;
}

/** One model of a vendor's list. */
export interface UpstreamModel {
  id: string;
  owner?: string;
  /** A model of this name is in the catalogue. */
  known: boolean;
  priced: boolean;
  bound: boolean;
  recommended: boolean;
}

export interface UpstreamModels {
  items: UpstreamModel[];
  fetched_at: string;
}

export const kinds = ["openai", "anthropic", "gemini", "codex"] as const;
export type KnownKind = (typeof kinds)[number];
export const isKnownKind = (kind: string): kind is KnownKind =>
  (kinds as readonly string[]).includes(kind);

export const dialects = ["responses", "chat", "messages", "gemini"] as const;

/** What a channel of a kind speaks when nothing is said. */
export const usualDialects: Record<KnownKind, readonly Dialect[]> = {
  openai: ["responses", "chat"],
  anthropic: ["messages"],
  gemini: ["gemini"],
  codex: ["responses"],
};

export const isEnabled = ({ enabled }: Pick<ChannelDraft, "enabled">) => enabled !== false;

export function bindingsOf({ models = [] }: Pick<ChannelDraft, "models">): Binding[] {
  return models.map((form) => {
    if (typeof form === "string") return bindingTo(form);
    return { name: form.name, upstream: form.upstream ?? form.name, enabled: isEnabled(form) };
  });
}

/** A binding under the vendor's own name. */
export const bindingTo = (id: string): Binding => ({ name: id, upstream: id, enabled: true });

export function formOf({ name, upstream, enabled }: Binding): BindingForm {
  if (upstream === name && enabled) return name;
  return { name, ...(upstream !== name && { upstream }), ...(!enabled && { enabled }) };
}

/** The host and port of a base URL, for where the whole is too long. */
export function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : (url ?? "");
}

/** Whether the keys of one would be sent elsewhere by the other. */
export const isOtherHost = (before: string | undefined, after: string) =>
  hostOf(before) !== hostOf(after);

/** The models that, but for this channel, no channel serves. */
export function onlyServedBy(name: string, channels: readonly ChannelView[]): string[] {
  const served = (one: ChannelView) =>
    isEnabled(one) ? bindingsOf(one).filter(({ enabled }) => enabled) : [];
  const others = new Set(
    channels.filter((one) => one.name !== name).flatMap((one) => served(one).map((it) => it.name)),
  );
  const own = channels.find((one) => one.name === name);
  return own ? served(own).flatMap((it) => (others.has(it.name) ? [] : [it.name])) : [];
}

/** Words in the names of models that hold no conversation, so a test by chat tells nothing. */
const otherWords =
  /embed|whisper|tts|dall-e|image|audio|realtime|transcribe|moderation|rerank|speech|video|\bveo|sora|bge-|stable-diffusion/i;

/** Whether a model is, by its name, one to talk with. */
export const isChatModel = (id: string) => !otherWords.test(id);
