import { test as base } from "@playwright/test";

import { addUser, becomeRoot, type Person } from "./people";
import { addChannels, addKey, call, expectCalls, put } from "./scene";
import { type Stage, startStage } from "./stage";

/** A Realms with some life behind it: channels in several states, calls that went well and ill. */
export interface Seeded {
  stage: Stage;
  root: Person;
  /** Somebody without rights. */
  ana: Person;
  /** What stands for a parameter of a path. */
  names: Names;
  /** One call of each fate, by `root` and by `ana`. */
  calls: Record<"root" | "ana", Fates>;
  /** An order of each, where people pay. */
  orders?: Record<"root" | "ana", string>;
  /** A ticket of each, likewise. */
  tickets?: Record<"root" | "ana", string>;
  /** An announcement that both can read. */
  announcement?: string;
}

export interface Names {
  channel: string;
  channelGroup: string;
  model: string;
  userGroup: string;
}

export interface Fates {
  /** Answered after the first channel was at its limit. */
  failedOver: string;
  answered: string;
  /** Nobody answered. */
  failed: string;
  /** Broke off in the middle. */
  broken: string;
  /** No such model. */
  refused: string;
}

/** Tests that only look share one Realms per worker. */
export const test = base.extend<object, { seeded: Seeded }>({
  seeded: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what is needed from the pattern
    async ({}, use) => {
      const stage = await startStage();
      try {
        await use(await settle(stage));
      } finally {
        await stage.close();
      }
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

async function settle(stage: Stage): Promise<Seeded> {
  const root = await becomeRoot(stage);
  await put(root, "/api/admin/settings/site_base_url", { value: stage.url });
  await put(root, "/api/admin/setup", { dismissed: true });
  await put(root, "/api/admin/channel-groups/pro", {
    name: "pro",
    parent: "default",
    multiplier: "1.5",
  });
  await addChannels(stage, root, [
    { name: "steady", models: ["m", "n"] },
    { name: "limited", key: "key-limited", priority: 10, models: ["m"] },
    { name: "stale-key", key: "key-refused", models: ["k"], groups: ["default", "pro"] },
    { name: "brittle", key: "key-cut", models: ["c"] },
    { name: "off", enabled: false, models: ["m"] },
    { name: "bare", models: [] },
  ]);
  const ana = await addUser(stage, root, "ana");
  await addUser(stage, root, "ben");
  await put(root, "/api/admin/users/ben", { username: "ben", enabled: false });
  const budgets = [
    { per: "month", llm_tokens: 200_000 },
    { per: "5h", llm_tokens: 10_000 },
  ];
  await put(root, "/api/admin/users/ana", { username: "ana", budgets });
  const mine = await live(stage, root);
  // What rested because of the first calls would not be asked again.
  await root.api.post("/api/admin/channels/limited/wake", { data: {} });
  await root.api.post("/api/admin/channels/stale-key/wake", { data: {} });
  const calls = { root: mine, ana: await live(stage, ana) };
  const names = { channel: "steady", channelGroup: "pro", model: "m", userGroup: "default" };
  return { stage, root, ana, names, calls };
}

/** Makes keys and calls of all fates. */
async function live(stage: Stage, person: Person): Promise<Fates> {
  const { key } = await addKey(person, "laptop");
  const spare = await addKey(person, "spare");
  await person.api.post(`/api/tokens/${spare.id}/revoke`);
  const fates = {
    failedOver: await call(stage, key, "m"),
    answered: await call(stage, key, "n", { stream: true, agent: "claude-cli/2.1.329 (cli)" }),
    failed: await call(stage, key, "k"),
    broken: await call(stage, key, "c", { stream: true }),
    refused: await call(stage, key, "no-such-model"),
  };
  await expectCalls(person, Object.keys(fates).length);
  return fates;
}
