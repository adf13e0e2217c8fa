// What Lighthouse says of a running site: `node scripts/lighthouse.mjs <url> [cookie]`. Prints one line of JSON for each
// run. The browser is the one the browser tests use; everything stays on this machine.
import { existsSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [url, cookie] = process.argv.slice(2);
if (!url) {
  process.stderr.write("usage: node scripts/lighthouse.mjs <url> [cookie]\n");
  process.exit(2);
}

const browsers = [
  process.env.CHROMIUM,
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
];
const chromePath = browsers.find((path) => path !== undefined && existsSync(path));
const chrome = await launch({
  ...(chromePath && { chromePath }),
  chromeFlags: [
    "--headless=new",
    "--no-sandbox", // Chromium refuses its sandbox to root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

const categories = ["performance", "accessibility", "best-practices"];
const presets = { desktop: desktopConfig, mobile: undefined };

try {
  for (const [preset, config] of Object.entries(presets)) {
    const flags = {
      port: chrome.port,
      onlyCategories: categories,
      ...(cookie && { extraHeaders: { cookie } }),
    };
    const { lhr } = await lighthouse(url, flags, config);
    const scores = Object.fromEntries(
      categories.map((name) => [name, Math.round((lhr.categories[name]?.score ?? 0) * 100)]),
    );
    const failed = Object.values(lhr.audits)
      .filter(({ score, scoreDisplayMode }) => scoreDisplayMode === "binary" && score === 0)
      .map(({ id }) => id);
    const figure = (name) => Math.round((lhr.audits[name]?.numericValue ?? 0) * 1000) / 1000;
    const figures = {
      lcp_ms: figure("largest-contentful-paint"),
      cls: figure("cumulative-layout-shift"),
      tbt_ms: figure("total-blocking-time"),
    };
    const path = new URL(lhr.finalDisplayedUrl).pathname;
    process.stdout.write(`${JSON.stringify({ path, preset, scores, figures, failed })}\n`);
  }
} finally {
  await chrome.kill();
}
