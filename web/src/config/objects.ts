/** The configured objects as the admin API shows them. What is left out has its default. */
import type { ChannelGroupView, ChannelView, ModelView, UserGroupView } from "@/api/types";

/** A node of the tree of channels. `multiplier` is a decimal of at most six places, 1 when left out. */
export type ChannelGroup = ChannelGroupView;

/** Who may use which channel groups, in order of preference. */
export type UserGroup = UserGroupView;

export type Channel = ChannelView;

/** A model with its price: decimals in USD for a million LLM tokens. */
export type Model = ModelView;

export const isEnabled = ({ enabled }: { enabled?: boolean }) => enabled !== false;

/** The models a channel serves, those that are switched on. */
export function modelsOf({ models = [] }: Channel): string[] {
  return models.flatMap((one) => {
    if (typeof one === "string") return one;
    return isEnabled(one) ? one.name : [];
  });
}
