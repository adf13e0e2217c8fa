import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "@playwright/test";

import { measured } from "./measured";
import { test } from "./seeded";

/** The goal is 90. Where other programs share the cores, and a debug build answers, the figure says nothing of the page. */
const leastPerformance = process.env.REALMS_PACE === "strict" ? 90 : 0;
const script = join(import.meta.dirname, "../scripts/lighthouse.mjs");

interface Report {
  path: string;
  preset: string;
  scores: Record<"performance" | "accessibility" | "best-practices", number>;
  figures: Record<string, number>;
  failed: string[];
}

for (const [path, isSignedIn] of [
  ["/login", false],
  ["/dashboard", true],
] as const) {
  test(`Lighthouse has nothing to say against ${path}`, async ({ seeded }, info) => {
    test.setTimeout(600_000); // far longer than it takes, also on a busy machine
    const { cookies } = await seeded.ana.api.storageState();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const args = [script, seeded.stage.url + path, ...(isSignedIn ? [cookie] : [])];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const reports = stdout
      .trim()
      .split("\n")
      .map((line): Report => JSON.parse(line));
    expect(reports.map(({ preset }) => preset)).toEqual(["desktop", "mobile"]);
    for (const { path: shown, preset, scores, figures, failed } of reports) {
      measured(info, `${path}, ${preset}: ${JSON.stringify({ ...scores, ...figures })}`);
      expect(shown).toBe(path);
      expect(scores, failed.join(" ")).toMatchObject({ accessibility: 100, "best-practices": 100 });
      expect(scores.performance).toBeGreaterThanOrEqual(leastPerformance);
    }
  });
}
