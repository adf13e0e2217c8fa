/** What a call of a user group tries, as the scheduler decides it: by group, then by what is pinned, promoted and of higher priority; a channel once. */
import { plain, ppmOf, productOf, textOf } from "@/channel-groups/multiplier";
import { byStanding, type Standing, standingOf } from "@/channel-groups/standing";
import { inOrder } from "@/channel-groups/tree";
import { type Channel, type ChannelGroup, isEnabled } from "@/config/objects";

/** A channel that is tried, and what its price is multiplied with on the way to it. */
export interface Tried {
  readonly channel: Channel;
  readonly multiplier: string;
  /** The groups from the one that was named down to the channel's. */
  readonly path: readonly string[];
  readonly standing: Standing;
}

/** One of the channel groups of a user group, with the channels that it leads to and none before it did. */
export interface TriedGroup {
  readonly name: string;
  /** Its own; only what lies between it and a channel counts, not what it lies in. */
  readonly multiplier: string;
  readonly isOn: boolean;
  readonly channels: readonly Tried[];
}

const one = 1_000_000n;

export function tryOrder(
  names: readonly string[],
  groups: readonly ChannelGroup[],
  channels: readonly Channel[],
  /** What the users of the user group pay of every price. */
  own = "1",
): TriedGroup[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const group = groups.find((other) => other.name === name);
    const isOn = group !== undefined && isEnabled(group);
    const found = new Map<string, Tried>();
    if (isOn) walk(group, ppmOf(own) ?? one, [], []);
    for (const channel of found.keys()) taken.add(channel);
    return {
      name,
      multiplier: plain(group?.multiplier),
      isOn,
      channels: byStanding([...found.values()]),
    };

    function walk(
      here: ChannelGroup,
      above: bigint,
      path: readonly string[],
      outer: readonly number[],
    ) {
      if (path.includes(here.name)) return;
      const product = productOf(above, ppmOf(plain(here.multiplier)) ?? one);
      const own = [...path, here.name];
      for (const channel of channels) {
        const isIn = (channel.groups ?? ["default"]).includes(here.name);
        if (!isIn || taken.has(channel.name) || found.has(channel.name)) continue;
        const standing = standingOf(group ?? here, channel, outer);
        found.set(channel.name, { channel, multiplier: textOf(product), path: own, standing });
      }
      for (const child of inOrder(groups.filter(({ parent }) => parent === here.name))) {
        if (isEnabled(child)) walk(child, product, own, [...outer, child.priority ?? 0]);
      }
    }
  });
}

/** The order in one line: `pro ×1.2 → default ×1`. */
export function orderLine(
  names: readonly string[],
  groups: readonly ChannelGroup[] | undefined,
): string {
  const multiplierOf = (name: string) => {
    const group = groups?.find((other) => other.name === name);
    return group ? ` ×${plain(group.multiplier)}` : "";
  };
  return names.map((name) => `${name}${multiplierOf(name)}`).join(" → ");
}
