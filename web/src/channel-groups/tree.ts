/** The tree of channel groups, in the order in which it is tried. */
import { type Channel, type ChannelGroup, isEnabled, type UserGroup } from "@/config/objects";
import { plain, ppmOf, productOf, textOf } from "./multiplier";
import { byStanding, standingOf } from "./standing";

/** A group where it stands in the tree, with what is in it and who uses it. */
export interface GroupNode {
  readonly group: ChannelGroup;
  readonly depth: number;
  /** The names from the top down to this one. */
  readonly path: readonly string[];
  /** The product of the multipliers along the path. */
  readonly effective: string;
  /** Whether it and everything above it is switched on. */
  readonly isOn: boolean;
  /** The channels in it, in the order to try. */
  readonly members: readonly Channel[];
  readonly children: readonly string[];
  /** The user groups that name it. */
  readonly userGroups: readonly string[];
}

const root = 1_000_000n;

/** Depth first. A group whose parent is not there stands at the top; one in a circle is shown once. */
export function treeOf(
  groups: readonly ChannelGroup[],
  channels: readonly Channel[],
  userGroups: readonly UserGroup[],
): GroupNode[] {
  const names = new Set(groups.map(({ name }) => name));
  const parentOf = ({ parent }: ChannelGroup) =>
    parent !== undefined && names.has(parent) ? parent : undefined;
  const seen = new Set<string>();
  const nodes: GroupNode[] = [];
  const visit = (group: ChannelGroup, above: Pick<GroupNode, "path" | "isOn">, product: bigint) => {
    if (seen.has(group.name)) return;
    seen.add(group.name);
    const own = ppmOf(plain(group.multiplier)) ?? root;
    const effective = productOf(product, own);
    const children = inOrder(groups.filter((one) => parentOf(one) === group.name));
    const node: GroupNode = {
      group,
      depth: above.path.length,
      path: [...above.path, group.name],
      effective: textOf(effective),
      isOn: above.isOn && isEnabled(group),
      members: membersOf(group, channels),
      children: children.map(({ name }) => name),
      userGroups: userGroups
        .filter(({ channel_groups = [] }) => channel_groups.includes(group.name))
        .map(({ name }) => name),
    };
    nodes.push(node);
    for (const child of children) visit(child, node, effective);
  };
  const top = { path: [], isOn: true };
  for (const group of inOrder(groups.filter((one) => parentOf(one) === undefined))) {
    visit(group, top, root);
  }
  for (const group of groups) visit(group, top, root);
  return nodes;
}

/** The channels of a group, in the order to try. */
export function membersOf(group: ChannelGroup, channels: readonly Channel[]): Channel[] {
  const members = channels.filter(({ groups = ["default"] }) => groups.includes(group.name));
  return inStanding(group, members);
}

/** These channels as a group that holds them has them tried. */
export function inStanding(
  group: Pick<ChannelGroup, "pinned">,
  channels: readonly Channel[],
): Channel[] {
  const standing = channels.map((channel) => ({ channel, standing: standingOf(group, channel) }));
  return byStanding(standing).map(({ channel }) => channel);
}

export function inOrder(groups: readonly ChannelGroup[]): ChannelGroup[] {
  return [...groups].sort(
    (left, right) =>
      (right.priority ?? 0) - (left.priority ?? 0) ||
      left.created_at.localeCompare(right.created_at) ||
      left.name.localeCompare(right.name),
  );
}

/** The groups one may lie in: not itself, and none that lies in it. */
export function possibleParents(name: string, nodes: readonly GroupNode[]): string[] {
  return nodes.filter(({ path }) => !path.includes(name)).map(({ group }) => group.name);
}

/** The channels of the groups below one, by name. */
export function membersBelow(name: string, nodes: readonly GroupNode[]): string[] {
  const below = nodes.filter(({ group, path }) => group.name !== name && path.includes(name));
  return [...new Set(below.flatMap(({ members }) => members.map((one) => one.name)))].sort();
}
