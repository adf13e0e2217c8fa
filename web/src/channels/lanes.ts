/**
 * The channels a call may try that may use a channel group, in the order in which the server tries them. What the
 * server also goes by is the call's own and left out here: its model, its dialect, and chance.
 */
import type { ChannelGroupView, ChannelStatus, ChannelView } from "@/api/types";
import { plain, ppmOf, productOf, textOf } from "@/channel-groups/multiplier";
import { byStanding, compareStandings, type Standing, standingOf } from "@/channel-groups/standing";
import { inOrder, membersOf, treeOf } from "@/channel-groups/tree";
import { isEnabled } from "@/config/objects";

/** A channel where it stands in a lane. */
export interface LaneMember {
  readonly channel: ChannelView;
  readonly status: ChannelStatus | undefined;
  /** The groups from the one below the lane's down to the one that holds it; empty where that is the lane's own. */
  readonly via: readonly string[];
  /** The product of the multipliers from the lane's group to the one that holds it. */
  readonly multiplier: string;
  readonly standing: Standing;
  /** Whether it is tried as things are now. */
  readonly isTried: boolean;
  /** How often it is tried first of its tier; left out where weights do not tell. */
  readonly share?: number;
}

/** The channels that stand alike. */
export interface LaneTier {
  readonly standing: Standing;
  /** Those that are tried first, the most likely before the others. */
  readonly members: readonly LaneMember[];
}

export interface Lane {
  readonly group: ChannelGroupView;
  /** The names from the top of the tree down to it. */
  readonly path: readonly string[];
  readonly isOn: boolean;
  /** A group above it is switched off: from there no way leads here. */
  readonly isCut: boolean;
  readonly multiplier: string;
  readonly tiers: readonly LaneTier[];
  readonly count: number;
  /** How many are tried. */
  readonly tried: number;
  /** Where all rest, the one that is back first: it is asked all the same. */
  readonly lastResort?: LaneMember;
  /** The groups in it, in their order. */
  readonly children: readonly { readonly name: string; readonly isOn: boolean }[];
}

/** A lane for each group, as the tree is read from the top down. */
export function lanesOf(
  groups: readonly ChannelGroupView[],
  channels: readonly ChannelView[],
  statuses: ReadonlyMap<string, ChannelStatus>,
): Lane[] {
  const childrenOf = (name: string) => inOrder(groups.filter(({ parent }) => parent === name));
  return treeOf(groups, channels, []).map(({ group, path, isOn: isReached }) => {
    const isOn = isEnabled(group);
    const found = waysFrom(group, channels, childrenOf).map((way): LaneMember => {
      const status = statuses.get(way.channel.name);
      return { ...way, status, isTried: isOn && isReady(way.channel, status) };
    });
    const lastResort = isOn && found.every(({ isTried }) => !isTried) ? soonest(found) : undefined;
    return {
      group,
      path,
      isOn,
      isCut: isOn && !isReached,
      multiplier: plain(group.multiplier),
      tiers: tiersOf(found),
      count: found.length,
      tried: found.filter(({ isTried }) => isTried).length,
      ...(lastResort && { lastResort }),
      children: childrenOf(group.name).map((one) => ({ name: one.name, isOn: isEnabled(one) })),
    };
  });
}

/** The channels that are in no group that exists, so that no call finds them. */
export function outsiders(
  groups: readonly ChannelGroupView[],
  channels: readonly ChannelView[],
): ChannelView[] {
  const inside = new Set(groups.flatMap((group) => membersOf(group, channels)));
  return channels.filter((one) => !inside.has(one));
}

/** Whether a channel is asked at all as it is: what rests or lacks a part is passed over, what merely fails is not. */
export function isReady(channel: ChannelView, status: ChannelStatus | undefined): boolean {
  if (!isEnabled(channel)) return false;
  if (!status) return true;
  if (status.state === "down") return status.reason === "failing";
  return status.state === "serving" || status.state === "degraded";
}

type Way = Pick<LaneMember, "channel" | "via" | "multiplier" | "standing">;

/** Depth first: a group's own channels, then those of the groups in it that are on. The first way to a channel counts. */
function waysFrom(
  top: ChannelGroupView,
  channels: readonly ChannelView[],
  childrenOf: (name: string) => readonly ChannelGroupView[],
): Way[] {
  const ways = new Map<string, Way>();
  const seen = new Set<string>();
  const walk = (
    group: ChannelGroupView,
    via: readonly string[],
    outer: readonly number[],
    above: bigint,
  ) => {
    if (seen.has(group.name)) return;
    seen.add(group.name);
    const product = productOf(above, ppmOf(plain(group.multiplier)) ?? whole);
    for (const channel of membersOf(group, channels)) {
      if (!ways.has(channel.name)) {
        const standing = standingOf(top, channel, outer);
        ways.set(channel.name, { channel, via, multiplier: textOf(product), standing });
      }
    }
    for (const child of childrenOf(group.name).filter(isEnabled)) {
      walk(child, [...via, child.name], [...outer, child.priority ?? 0], product);
    }
  };
  walk(top, [], [], whole);
  return [...ways.values()];
}

const whole = 1_000_000n;
const weightOf = ({ channel }: LaneMember) => channel.weight ?? 1;

function tiersOf(members: readonly LaneMember[]): LaneTier[] {
  const tiers: LaneMember[][] = [];
  for (const member of byStanding(members)) {
    const [first] = tiers.at(-1) ?? [];
    const isAlike = first && compareStandings(first.standing, member.standing) === 0;
    if (isAlike) tiers.at(-1)?.push(member);
    else tiers.push([member]);
  }
  return tiers.flatMap((tier) => {
    const [first] = tier;
    if (!first) return [];
    const tried = tier.filter(({ isTried }) => isTried);
    const all = tried.reduce((sum, one) => sum + weightOf(one), 0);
    const shared = tier.map((one): LaneMember => {
      if (!one.isTried) return one;
      if (all > 0) return { ...one, share: weightOf(one) / all };
      return tried.length === 1 ? { ...one, share: 1 } : one;
    });
    return { standing: first.standing, members: shared.sort(byChance) };
  });
}

const byChance = (left: LaneMember, right: LaneMember) =>
  Number(right.isTried) - Number(left.isTried) ||
  weightOf(right) - weightOf(left) ||
  left.channel.name.localeCompare(right.channel.name);

/** Of those that rest the one that is back first. */
function soonest(members: readonly LaneMember[]): LaneMember | undefined {
  const resting = members.filter(
    ({ channel, status }) => isEnabled(channel) && status?.until !== undefined,
  );
  const backAt = ({ status }: LaneMember) => Date.parse(status?.until ?? "");
  return resting.sort((left, right) => backAt(left) - backAt(right))[0];
}
