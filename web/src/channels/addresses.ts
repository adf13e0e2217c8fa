/** Further addresses of a channel, as the server shows and takes them and as a form holds them. */
import type { ChannelDraft } from "@/api/types";
import { isEnabled } from "@/config/objects";

export interface Address {
  readonly base_url: string;
  /** As typed. */
  readonly priority: string;
  readonly enabled: boolean;
}

type Forms = NonNullable<ChannelDraft["endpoints"]>;

/** What the server takes of them. */
export const mostAddresses = 16;
const usual = -1;

export const newAddress: Address = { base_url: "", priority: String(usual), enabled: true };

export function addressesOf({ endpoints = [] }: Pick<ChannelDraft, "endpoints">): Address[] {
  return endpoints.map((form) => {
    if (typeof form === "string") return { ...newAddress, base_url: form };
    const { base_url, priority = usual } = form;
    return { base_url: base_url, priority: String(priority), enabled: isEnabled(form) };
  });
}

/** With nothing left out, because what is left out of one stays as it is. */
export const addressForms = (addresses: readonly Address[]): Forms =>
  addresses.map(({ base_url, priority, enabled }) => ({
    base_url: base_url.trim(),
    priority: Number(priority),
    enabled,
  }));

/** What is wrong with one of them, given the others and the channel's base URL, or nothing. */
export function addressMistake(
  at: number,
  addresses: readonly Address[],
  first: string,
): "url" | "taken" | "priority" | undefined {
  const one = addresses[at];
  if (!one) return undefined;
  const text = plain(one.base_url);
  if (!/^https?:/.test(text)) return "url";
  const before = [first, ...addresses.slice(0, at).map(({ base_url }) => base_url)];
  if (before.some((other) => plain(other) === text)) return "taken";
  return /^\s*-[1-9]\d{0,14}\s*$/.test(one.priority) ? undefined : "priority";
}

/** Whether one of the addresses leads where none led before; the keys must then be given again. */
export function leadsElsewhere(before: readonly string[], after: readonly string[]): boolean {
  const had = new Set(before.map(originOf));
  return after.some((url) => {
    const origin = originOf(url);
    return origin !== undefined && !had.has(origin);
  });
}

const originOf = (url: string) =>
  URL.canParse(url.trim()) ? new URL(url.trim()).origin : undefined;

const plain = (url: string) => {
  const text = url.trim();
  return (URL.canParse(text) ? new URL(text).href : text).replace(/\/+$/, "");
};
