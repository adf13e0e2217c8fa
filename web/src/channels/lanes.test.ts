import { describe, expect, it } from "vitest";

import type { ChannelStatus } from "@/api/types";
import { channel, group, status } from "@/channel-groups/groups-fixture";
import { isReady, type Lane, lanesOf, outsiders } from "./lanes";

const known = (...statuses: ChannelStatus[]) =>
  new Map(statuses.map((one) => [one.channel, one] as const));

/** One line for each channel of a lane: its priority, its name, and its share or a dash. */
const told = (lane: Lane | undefined) =>
  lane?.tiers.flatMap(({ standing: { priorities }, members }) =>
    members.map(({ channel: { name }, isTried, share }) => {
      return `${priorities.join(".")} ${name} ${isTried ? (share ?? "?") : "-"}`;
    }),
  );

const laneOf = (lanes: readonly Lane[], name: string) =>
  lanes.find(({ group: { name: own } }) => own === name);

describe("a lane", () => {
  it("has the higher priority first and shares a tier out by weight", () => {
    const lanes = lanesOf(
      [group("default")],
      [
        channel("low", { priority: -1 }),
        channel("one", { priority: 5, weight: 1 }),
        channel("three", { priority: 5, weight: 3 }),
        channel("last", { priority: 5, weight: 0 }),
      ],
      known(),
    );
    expect(told(lanes[0])).toEqual(["5 three 0.75", "5 one 0.25", "5 last 0", "-1 low 1"]);
  });

  it("shares out only among those that are tried now", () => {
    const lanes = lanesOf(
      [group("default")],
      [channel("a", { weight: 3 }), channel("b"), channel("c"), channel("off", { enabled: false })],
      known(
        status("a", { state: "cooling_down", until: "2026-11-24T10:34:12Z" }),
        status("b", { state: "degraded" }),
        status("c", { state: "down", reason: "failing" }),
      ),
    );
    expect(told(lanes[0])).toEqual(["0 b 0.5", "0 c 0.5", "0 a -", "0 off -"]);
    expect(lanes[0]).toMatchObject({ count: 4, tried: 2 });
    expect(lanes[0]?.lastResort).toBeUndefined();
  });

  it("tells nothing of shares where no weight says any", () => {
    const lanes = lanesOf(
      [group("default")],
      [
        channel("a", { weight: 0 }),
        channel("b", { weight: 0 }),
        channel("c", { priority: 9, weight: 0 }),
      ],
      known(),
    );
    expect(told(lanes[0])).toEqual(["9 c 1", "0 a ?", "0 b ?"]);
  });

  it("tries the channels of groups in it by priority, each by the first way to it", () => {
    const lanes = lanesOf(
      [
        group("pro", { multiplier: "1.2" }),
        group("second", { parent: "pro", priority: 1, multiplier: "3" }),
        group("first", { parent: "pro", priority: 2, multiplier: "1.5" }),
        group("deep", { parent: "first", multiplier: "2" }),
      ],
      [
        channel("own", { groups: ["pro"], priority: 1 }),
        channel("both", { groups: ["second", "first"], priority: 9 }),
        channel("down", { groups: ["deep"], priority: 5 }),
      ],
      known(),
    );
    const pro = laneOf(lanes, "pro");
    expect(told(pro)).toEqual(["2.9 both 1", "2.0.5 down 1", "1 own 1"]);
    const members = pro?.tiers.flatMap((tier) => tier.members);
    expect(members?.map(({ via, multiplier }) => [via, multiplier])).toEqual([
      [["first"], "1.8"],
      [["first", "deep"], "3.6"],
      [[], "1.2"],
    ]);
    expect(pro?.children.map(({ name }) => name)).toEqual(["first", "second"]);
    // Who names a group itself pays from there on.
    expect(laneOf(lanes, "deep")).toMatchObject({
      multiplier: "2",
      path: ["pro", "first", "deep"],
    });
  });

  it("has the pinned channel first, then the promoted ones", () => {
    const lanes = lanesOf(
      [group("default", { pinned: "kept" }), group("child", { parent: "default" })],
      [
        channel("high", { priority: 9 }),
        channel("kept", { groups: ["child"], priority: -9 }),
        channel("new", { promoted: true, priority: -5 }),
      ],
      known(),
    );
    expect(told(laneOf(lanes, "default"))).toEqual(["0.-9 kept 1", "-5 new 1", "9 high 1"]);
    expect(laneOf(lanes, "default")?.tiers.map(({ standing }) => standing)).toMatchObject([
      { pinned: true, promoted: false },
      { pinned: false, promoted: true },
      { pinned: false, promoted: false },
    ]);
    expect(laneOf(lanes, "child")?.tiers[0]?.standing.pinned).toBe(false);
  });

  it("passes over a group that is off with all in it, which who names them still reaches", () => {
    const lanes = lanesOf(
      [
        group("top"),
        group("off", { parent: "top", enabled: false }),
        group("night", { parent: "off" }),
      ],
      [channel("a", { groups: ["off"] }), channel("b", { groups: ["night"] })],
      known(),
    );
    expect(laneOf(lanes, "top")).toMatchObject({ count: 0, isOn: true, isCut: false });
    expect(told(laneOf(lanes, "off"))).toEqual(["0 a -", "0 b -"]);
    expect(laneOf(lanes, "off")).toMatchObject({ isOn: false, tried: 0 });
    expect(laneOf(lanes, "night")).toMatchObject({ isOn: true, isCut: true, tried: 1 });
  });

  it("names who is asked all the same where all rest", () => {
    const rests = (name: string, minute: number) =>
      status(name, { state: "cooling_down", until: `2026-11-24T10:${minute}:00Z` });
    const lanes = lanesOf(
      [group("default"), group("bare")],
      [channel("late"), channel("soon", { priority: -5 }), channel("off", { enabled: false })],
      known(rests("late", 50), rests("soon", 40), rests("off", 31)),
    );
    expect(laneOf(lanes, "default")?.lastResort?.channel.name).toBe("soon");
    expect(laneOf(lanes, "bare")).toMatchObject({ count: 0, tiers: [] });
  });

  it("ends where groups lie in a circle", () => {
    const lanes = lanesOf(
      [group("a", { parent: "b" }), group("b", { parent: "a" })],
      [channel("x", { groups: ["a"] })],
      known(),
    );
    expect(lanes.map(({ count }) => count)).toEqual([1, 1]);
  });
});

describe("channels", () => {
  it("that lack a part are not ready, those not known yet may be", () => {
    const one = channel("a");
    expect(isReady(one, status("a", { state: "down", reason: "no_credential" }))).toBe(false);
    expect(isReady(one, status("a", { state: "down", reason: "credentials_resting" }))).toBe(false);
    expect(isReady(one, undefined)).toBe(true);
    expect(isReady(channel("a", { enabled: false }), undefined)).toBe(false);
  });

  it("in no group that exists are told of", () => {
    const channels = [
      channel("in"),
      channel("none", { groups: [] }),
      channel("gone", { groups: ["x"] }),
    ];
    expect(outsiders([group("default")], channels).map(({ name }) => name)).toEqual([
      "none",
      "gone",
    ]);
  });
});
