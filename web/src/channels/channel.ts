/** A channel as the server shows and takes it, and what can be told from it alone. */
import type {
  BindingCost,
  BindingForm,
  ChannelDraft,
  ChannelKind,
  ChannelStatus,
  ChannelView,
  Dialect,
} from "@/api/types";
import { isEnabled } from "@/config/objects";

/** A model a channel serves, with nothing left out. */
export interface Binding {
  readonly name: string;
  readonly upstream: string;
  readonly enabled: boolean;
  /** What the vendor is paid for it, where that is no part of its price. */
  readonly cost?: BindingCost | undefined;
}

/** A channel and how it is; the state comes from another route and may be late. */
export interface ChannelRow {
  readonly channel: ChannelView;
  readonly status: ChannelStatus | undefined;
}

/** What a channel of a kind speaks when nothing is said. */
export const usualDialects: Record<ChannelKind, readonly Dialect[]> = {
  openai: ["responses", "chat"],
  anthropic: ["messages"],
  gemini: ["gemini"],
  codex: ["responses"],
  azure: ["responses", "chat"],
};

export function bindingsOf({ models = [] }: Pick<ChannelDraft, "models">): Binding[] {
  return models.map((form) => {
    if (typeof form === "string") return bindingTo(form);
    return {
      name: form.name,
      upstream: form.upstream ?? form.name,
      enabled: isEnabled(form),
      ...(form.cost && { cost: form.cost }),
    };
  });
}

/** A binding under the vendor's own name. */
export const bindingTo = (id: string): Binding => ({ name: id, upstream: id, enabled: true });

export function formOf({ name, upstream, enabled, cost }: Binding): BindingForm {
  if (upstream === name && enabled && !cost) return name;
  return {
    name,
    ...(upstream !== name && { upstream }),
    ...(!enabled && { enabled }),
    ...(cost && { cost }),
  };
}

/** All bindings as they are sent. What is not said stays, so a price that is taken away is said to be none. */
export function formsOf(models: readonly Binding[], before: readonly Binding[]): BindingForm[] {
  const had = new Set(before.flatMap(({ name, cost }) => (cost ? [name] : [])));
  return models.map((one) => {
    const form = formOf(one);
    if (one.cost || !had.has(one.name)) return form;
    return { ...(typeof form === "string" ? { name: form } : form), cost: {} };
  });
}

/** The host and port of a base URL, for where the whole is too long. */
export function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : (url ?? "");
}

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
