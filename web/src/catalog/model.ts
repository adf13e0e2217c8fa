import type { ChannelStatus, UsageSums } from "@/api/types";
import type { Model } from "@/config/objects";

/** A model in the list of all: with what serves it, where its price is from and what it was used for. */
export interface ModelRow extends Model {
  /** Left out where there is no price, and of prices older than this was noted. */
  priced?: { source: "manual" | "imported" | "synced"; at: string };
  /** Every channel that names it, those that are switched off included. */
  channels: ServedBy[];
  last_30d: UsageSums;
}

export interface ServedBy {
  channel: string;
  /** What the vendor calls it. */
  upstream: string;
  /** How the model is there. */
  state: ChannelStatus["state"];
}

/** How many of its channels answer, if maybe not well. */
export const healthyOf = ({ channels }: Pick<ModelRow, "channels">): number =>
  channels.filter(({ state }) => state === "serving" || state === "degraded").length;

/** The page of a channel. */
export const hrefOfChannel = (channel: string) => `/admin/channels/${encodeURIComponent(channel)}`;
