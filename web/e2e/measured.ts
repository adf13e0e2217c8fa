import type { TestInfo } from "@playwright/test";

/** Prints a figure, and keeps it with the test. */
export function measured(info: TestInfo, description: string) {
  info.annotations.push({ type: "measured", description });
  process.stdout.write(`    ${description}\n`);
}
