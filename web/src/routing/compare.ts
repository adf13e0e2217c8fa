/** How a decision differs from an earlier one. */
import type { Considered, Decision } from "@/api/types";

export interface Difference {
  readonly id: string;
  readonly channel: string;
  readonly group: string;
  readonly before: Considered | undefined;
  readonly after: Considered | undefined;
}

export interface Comparison {
  /** Only those who are tried at another place, or left out for another reason. */
  readonly differences: readonly Difference[];
  readonly same: number;
}

/** Candidates are the same if channel, group, endpoint, credential and upstream model are. */
export function compareDecisions(was: Decision, now: Decision): Comparison {
  const earlier = new Map(was.considered.map((one) => [idOf(one), one]));
  const later = new Map(now.considered.map((one) => [idOf(one), one]));
  const differences: Difference[] = [];
  let same = 0;
  for (const id of new Set([...later.keys(), ...earlier.keys()])) {
    const [before, after] = [earlier.get(id), later.get(id)];
    const one = after ?? before;
    if (!one) continue;
    if (before && after && before.excluded === after.excluded && before.place === after.place)
      same += 1;
    else {
      const channel = one.channel ?? one.label;
      differences.push({ id, channel, group: one.channel_group, before, after });
    }
  }
  return { differences, same };
}

const idOf = (one: Considered) =>
  JSON.stringify([
    one.channel ?? one.label,
    one.channel_group,
    one.endpoint,
    one.credential,
    one.upstream_model,
  ]);
