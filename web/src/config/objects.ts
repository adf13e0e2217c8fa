/** The configured objects as the admin API shows them. What is left out has its default. */

interface Kept {
  id: string;
  name: string;
  created_at: string;
  updated_at: string;
}

/** A node of the tree of channels. `multiplier` is a decimal of at most six places, 1 when left out. */
export interface ChannelGroup extends Kept {
  multiplier?: string;
  parent?: string;
  /** Order among the groups of one parent: higher first. */
  priority?: number;
  enabled?: boolean;
}

/** Who may use which channel groups, in order of preference. */
export interface UserGroup extends Kept {
  channel_groups?: string[];
}

/** What of a channel is told beside models and groups. */
export interface Channel extends Kept {
  kind?: string;
  groups?: string[];
  models?: (string | { name: string; upstream?: string; enabled?: boolean })[];
  priority?: number;
  weight?: number;
  enabled?: boolean;
}

/** A model with its price: decimals in USD for a million LLM tokens. */
export interface Model extends Kept {
  owner?: string;
  enabled?: boolean;
  input_usd_per_1m?: string;
  output_usd_per_1m?: string;
  cache_read_usd_per_1m?: string;
  cache_write_5m_usd_per_1m?: string;
  cache_write_1h_usd_per_1m?: string;
}

export const isEnabled = ({ enabled }: { enabled?: boolean }) => enabled !== false;

/** The models a channel serves, those that are switched on. */
export function modelsOf({ models = [] }: Channel): string[] {
  return models.flatMap((one) => {
    if (typeof one === "string") return one;
    return isEnabled(one) ? one.name : [];
  });
}
