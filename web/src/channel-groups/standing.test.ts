import { describe, expect, it } from "vitest";

import { channel, group } from "./groups-fixture";
import { byStanding, compareStandings, standingOf } from "./standing";
import { membersOf } from "./tree";

describe("channels of a group", () => {
  it("are tried pinned, promoted, then by priority", () => {
    const channels = [
      channel("plain", { priority: 9 }),
      channel("promoted", { priority: -5, promoted: true }),
      channel("pinned", { priority: -9 }),
      channel("low", { priority: 3 }),
    ];
    const names = membersOf(group("default", { pinned: "pinned" }), channels).map(
      ({ name }) => name,
    );
    expect(names).toEqual(["pinned", "promoted", "plain", "low"]);
    expect(membersOf(group("default"), channels)[0]?.name).toBe("promoted");
  });

  it("stand beside the groups in it by the priority of these", () => {
    const top = group("top");
    const of = (name: string, priority: number, outer: number[] = []) => {
      const one = channel(name, { priority });
      return { channel: one, standing: standingOf(top, one, outer) };
    };
    const order = byStanding([of("below", 100, [3]), of("beside", 4), of("above", -100, [5])]).map(
      (one) => one.channel.name,
    );
    expect(order).toEqual(["above", "beside", "below"]);
    // Where nobody gave priorities, depth makes no difference.
    expect(compareStandings(of("a", 0, [0]).standing, of("b", 0).standing)).toBe(0);
  });
});
