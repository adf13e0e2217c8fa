import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compress } from "./build/compress.ts";
import { contentSecurityPolicy } from "./build/content-security-policy.ts";

/** Where `make dev` runs the server. */
const server = "http://127.0.0.1:8080";

const sources = fileURLToPath(new URL("./src/", import.meta.url));

/** Whether a module is one of ours in these places below `src`, or of these packages. Wherever the project lies: a folder above it may be called `src`, too. */
const own =
  (places: RegExp, packages?: RegExp) =>
  (id: string): boolean =>
    id.startsWith(sources) ? places.test(id.slice(sources.length)) : packages?.test(id) === true;

const testFiles = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .map((file) => `src/${file}`);
const mocksModules = (file: string) => readFileSync(file, "utf8").includes("vi.mock(");

/** Files of tests, apart from those that put other modules in the place of some. */
const tests = {
  shared: testFiles.filter((file) => !mocksModules(file)),
  mocked: testFiles.filter(mocksModules),
};

export default defineConfig({
  plugins: [
    tanstackRouter({
      // What a page asks for comes with the page, so that the entry stays small.
      codeSplittingOptions: {
        defaultBehavior: [["loader", "component"], ["errorComponent"], ["notFoundComponent"]],
      },
    }),
    react(),
    tailwindcss(),
    compress(),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // a data: URL would be against the content security policy
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      output: {
        // A page loads a dozen files instead of a hundred: what most pages share lies together. First
        // what the entry needs, so that no group below can make it grow.
        codeSplitting: {
          groups: [
            { name: "base", tags: ["$initial"], test: /node_modules/, priority: 9 },
            { name: "core", tags: ["$initial"], test: own(/^(?!main\.tsx)/), priority: 8 },
            { name: "icons", test: /node_modules\/lucide-react\//, priority: 7 },
            // What it takes to sign in.
            {
              name: "basics",
              test: own(
                /^(?:components\/(?:class-names|problem-\w+|toast|toaster|ui\/(?:button|checkbox|dropdown-menu|field|field-context|icon-button|input|kbd|label|notice|spinner|tooltip))\.|api\/(?:client|problem)\.|shell\/(?:announcements|announcer|appearance|brand|document-title|exists|nav|preference|skip-link|theme)\.|session\/(?:preferences|session|use-me)\.|public\/pages\.)/,
              ),
              priority: 7,
            },
            {
              name: "kit",
              test: own(
                /^(?:components|format|api|live|limits)\/|^connect\/app-link|^models\/model-cells|^form\/(?:confirm-dialog|save-bar|form-list|choice|dirty-guard)\./,
              ),
              minShareCount: 3,
              priority: 3,
            },
            {
              name: "frame",
              test: own(
                /^(?:shell\/|session\/(?!reauthentication-)|table\/preferences|filter\/(?:grammar|range))/,
              ),
              minShareCount: 2,
              priority: 5,
            },
            {
              name: "form",
              test: own(
                /^form\/(?:form|form-field|submit-button|use-form|rules|rule-text|password-input|error-summary|pointer|rows-field|move|user-groups-field)\./,
                /node_modules\/(?:react-hook-form|zod|@hookform)\//,
              ),
              minShareCount: 2,
              priority: 4,
            },
            {
              name: "chart",
              test: own(
                /^(?:chart\/|usage\/(?:usage-chart|queries|outcome|part-name|calls-link)|trace\/(?:words|use-reader))/,
              ),
              minShareCount: 2,
              priority: 3,
            },
            {
              name: "list",
              test: own(
                /^(?:table|filter)\//,
                /node_modules\/@tanstack\/(?:react-)?(?:table|virtual)/,
              ),
              minShareCount: 4,
              priority: 2,
            },
            { name: "calls", test: own(/^(?:usage|trace)\//), minShareCount: 3, priority: 1 },
            {
              name: "shop",
              test: own(/^(?:shop|balance|plans|subscriptions|codes)\//),
              minShareCount: 2,
              priority: 1,
            },
            // What people write to each other.
            {
              name: "messages",
              test: own(
                /^(?:(?:tickets|ticket-office|announcements|announcement-office|components\/markdown)\/|form\/markdown-field)/,
              ),
              minShareCount: 2,
              priority: 4,
            },
            // Apps of others: who sets them up sees what is asked of their users.
            { name: "apps", test: own(/^(?:oauth-apps|consent)\//), minShareCount: 2, priority: 4 },
            // What anyone may look at. Not what stands around it: signing in has that, too.
            {
              name: "public",
              test: own(/^public\/(?:open-page|queries)\./),
              minShareCount: 2,
              priority: 1,
            },
            // What sets a client up, without what listens for its first call.
            {
              name: "connect",
              test: own(
                /^connect\/(?:templates\/|(?:pickers|recipe-view|block-view|use-choice|detect-os)\.)/,
              ),
              minShareCount: 2,
              priority: 1,
            },
            {
              name: "people",
              test: own(/^(?:users|user-groups|tokens|limits)\//),
              minShareCount: 2,
              priority: 0,
            },
            {
              name: "channels",
              test: own(/^(?:(?:channels|batch|channel-groups|routing)\/|accounts\/queries)/),
              minShareCount: 2,
              priority: 0,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      "/api": server,
      "/v1": server,
      "/v1beta": server,
      "/healthz": server,
      "/readyz": server,
      // Of `/oauth`, the page that people are asked on is ours.
      "^/oauth/(?!authorize)": server,
      "/.well-known": server,
    },
  },
  preview: { headers: { "content-security-policy": contentSecurityPolicy } },
  test: {
    environment: "jsdom",
    projects: [
      // Modules are loaded once for all files: that takes half the time of loading them for each.
      { extends: true, test: { name: "shared", include: tests.shared, isolate: false } },
      { extends: true, test: { name: "mocked", include: tests.mocked } },
    ],
    setupFiles: ["src/test/setup.ts"],
    maxWorkers: "100%", // its own choice leaves one core of two idle
    // A machine that builds beside the tests is several times slower: they wait for what they look for,
    // and these bounds only end what would never come.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    restoreMocks: true,
    unstubGlobals: true,
  },
});
