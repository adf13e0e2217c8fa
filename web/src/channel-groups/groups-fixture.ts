import type { ChannelStatus } from "@/api/types";
import type { Channel, ChannelGroup, UserGroup } from "@/config/objects";
import { sums } from "@/dashboard/dashboard-fixture";

const kept = (name: string) => ({
  id: `id_${name}`,
  name,
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
});

export const group = (name: string, changes: Partial<ChannelGroup> = {}): ChannelGroup => ({
  ...kept(name),
  multiplier: "1.000000",
  priority: 0,
  enabled: true,
  ...changes,
});

export const channel = (name: string, changes: Partial<Channel> = {}): Channel => ({
  ...kept(name),
  kind: "openai",
  groups: ["default"],
  models: ["gpt-5.2"],
  priority: 0,
  weight: 1,
  enabled: true,
  ...changes,
});

/** A tree of three levels, one of them switched off. */
export const groupList: ChannelGroup[] = [
  group("default"),
  group("pro", { multiplier: "1.200000", priority: 10 }),
  group("fast", { multiplier: "1.5", parent: "pro", priority: 5 }),
  group("cheap", { multiplier: "0.333333", parent: "pro", enabled: false }),
  group("night", { multiplier: "0.5", parent: "cheap" }),
];

export const channelList: Channel[] = [
  channel("pro-1", { groups: ["pro"], priority: 10, weight: 3 }),
  channel("pro-2", { groups: ["pro", "default"], priority: 10 }),
  channel("std-1", { groups: ["pro"], priority: 0 }),
  channel('<b onclick="x">bold</b>', { groups: [], models: ["claude-opus-5"] }),
];

export const userGroupList: UserGroup[] = [
  { ...kept("default"), channel_groups: ["default"] },
  { ...kept("team"), channel_groups: ["pro", "default"] },
];

export function status(name: string, changes: Partial<ChannelStatus> = {}): ChannelStatus {
  return {
    channel: name,
    state: "serving",
    in_flight: 2,
    credentials: [],
    endpoints: [],
    models: [],
    hour: { calls: 40, ok_share: 0.98, p50_first_event_us: 700_000, strip: [] },
    today: sums(),
    ...changes,
  };
}

export const statusList: ChannelStatus[] = [
  status("pro-1"),
  status("pro-2", {
    state: "cooling_down",
    cause: "rate_limited",
    until: "2026-11-24T10:34:12Z",
  }),
  status("std-1", { state: "down", reason: "no_credential" }),
];
