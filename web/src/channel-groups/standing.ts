/** What decides between two channels that a group leads to before chance does, as the scheduler has it. */
import type { Channel, ChannelGroup } from "@/config/objects";

export interface Standing {
  /** It is the channel pinned in the group that the call came by. */
  readonly pinned: boolean;
  readonly promoted: boolean;
  /** Of the groups on the way below the first one, then of the channel; zeros at the end say nothing. */
  readonly priorities: readonly number[];
}

/** `outer` are the priorities of the groups between `top` and the channel. */
export function standingOf(
  top: Pick<ChannelGroup, "pinned">,
  channel: Channel,
  outer: readonly number[] = [],
): Standing {
  return {
    pinned: top.pinned === channel.name,
    promoted: channel.promoted === true,
    priorities: withoutZeros([...outer, channel.priority ?? 0]),
  };
}

/** Negative where the left one is tried first. A channel beside a group stands where a group of its priority would. */
export function compareStandings(left: Standing, right: Standing): number {
  const flags =
    Number(right.pinned) - Number(left.pinned) || Number(right.promoted) - Number(left.promoted);
  if (flags !== 0) return flags;
  const depth = Math.max(left.priorities.length, right.priorities.length);
  for (let at = 0; at < depth; at += 1) {
    const difference = (right.priorities[at] ?? 0) - (left.priorities[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** In the order to try; those of one standing by name. */
export function byStanding<Item extends { channel: Channel; standing: Standing }>(
  items: readonly Item[],
): Item[] {
  return [...items].sort(
    (left, right) =>
      compareStandings(left.standing, right.standing) ||
      left.channel.name.localeCompare(right.channel.name),
  );
}

function withoutZeros(priorities: readonly number[]): number[] {
  const kept = [...priorities];
  while (kept.length > 1 && kept.at(-1) === 0) kept.pop();
  return kept;
}
