import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as base } from "@playwright/test";

import { becomeRoot, logIn, type Person, password } from "./people";
import { put } from "./scene";
import { examples, programs, type Stage, startStage } from "./stage";

/** A Realms that was in use for a month by very many. */
export interface Crowded {
  stage: Stage;
  root: Person;
  /** Whose keys and calls they are. */
  ana: Person;
}

export const crowd = { channels: 2_000, keys: 10_000, calls: 100_000, days: 30 };

/** Tests that only look share one per worker. */
export const test = base.extend<object, { crowded: Crowded }>({
  crowded: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what is needed from the pattern
    async ({}, use) => {
      const stage = await startStage();
      try {
        await use(await fill(stage));
      } finally {
        await stage.close();
      }
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

async function fill(stage: Stage): Promise<Crowded> {
  const data = join(stage.folder, "data");
  const manifest = join(stage.folder, "crowd.toml");
  writeFileSync(manifest, manifestOf(stage));
  const env = { PATH: process.env.PATH, REALMS_DATA_DIR: data };
  execFileSync(join(programs, "realms"), ["apply", manifest], { env, stdio: "ignore" });
  const root = await becomeRoot(stage);
  await put(root, "/api/admin/setup", { dismissed: true });
  const ana = await logIn(stage, "ana");
  const { items } = await (await ana.api.get("/api/tokens?limit=12")).json();
  const keys = items.map(({ id }: { id: string }) => `key=${ana.id}:${id}`);
  const { calls, days } = crowd;
  const words = [`sqlite:${join(data, "realms.db")}`, String(calls), String(days), "model=m"];
  execFileSync(join(examples, "seed_usage"), [...words, ...keys], { stdio: "ignore" });
  return { stage, root, ana };
}

function manifestOf({ upstream }: Stage): string {
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
  const name = (what: string, number: number) => `${what}-${String(number).padStart(5, "0")}`;
  const channels = numbers(crowd.channels).map(
    (number) => `[[channel]]
name = "${name("channel", number)}"
kind = "openai"
base_url = "${upstream}"
priority = ${number % 7}
credentials = [{ name = "main", key = "key-good" }]
models = ["m"]`,
  );
  const keys = numbers(crowd.keys).map(
    (number) => `[[api_key]]
user = "ana"
name = "${name("key", number)}"`,
  );
  return `version = 1
[[model]]
name = "m"
input_usd_per_1m = "1.25"
output_usd_per_1m = "10"
[[user]]
username = "ana"
password = "${password}"
${channels.join("\n")}
${keys.join("\n")}
`;
}
