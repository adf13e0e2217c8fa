import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { defineConfig } from "@playwright/test";

/** Workers load this file again: the port is picked once and handed down. */
process.env.E2E_PORT ??= String(await freePort());
const baseURL = `http://127.0.0.1:${process.env.E2E_PORT}`;

/** Where the build for these tests lies. */
const site = "dist-e2e";

const browsers = [
  process.env.CHROMIUM,
  "/usr/bin/chromium-headless-shell", // without the pages that draw a window nobody sees
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const executablePath = browsers.find((path) => path !== undefined && existsSync(path));
/** What tests start besides Playwright uses the same browser. */
if (executablePath) process.env.CHROMIUM = executablePath;

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/build.ts",
  outputDir: "test-results",
  reporter: "list",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // Against a page that hangs, not against a machine that is busy: passing tests never wait this long.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    actionTimeout: 30_000,
    baseURL,
    locale: "en-US",
    launchOptions: {
      ...(executablePath && { executablePath }), // else the one Playwright installed
      args: [
        "--no-sandbox", // Chromium refuses its sandbox to root
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--font-render-hinting=none",
        "--force-color-profile=srgb",
      ],
    },
  },
  webServer: {
    // A build of its own, with the gallery in it.
    command: `npx vite build --outDir ${site} --logLevel warn && npx vite preview --outDir ${site} --host 127.0.0.1 --strictPort --port ${process.env.E2E_PORT}`,
    env: { VITE_GALLERY: "1" },
    url: baseURL,
    timeout: 180_000,
    reuseExistingServer: false,
  },
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
