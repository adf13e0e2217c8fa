import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compress } from "./build/compress.ts";
import { contentSecurityPolicy } from "./build/content-security-policy.ts";

/** Where `make dev` runs the server. */
const server = "http://127.0.0.1:8080";

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
        // What every page needs, in one file: it compresses better and takes one request.
        codeSplitting: {
          groups: [
            {
              name: "core",
              test: /src\/(?:api\/(?:client|problem|query-client)|session\/session|shell\/(?:exists|document-title|announcer|preference)|filter\/(?:list-search|zone-time)|i18n\/(?:index|areas|languages)|dashboard\/queries|routing\/simulation|channels\/channels-search)\.ts/,
            },
            {
              name: "base",
              test: /node_modules\/(?:react|react-dom|scheduler|use-sync-external-store|i18next|react-i18next|@tanstack\/(?:router-core|react-router|history|query-core|react-query|store|react-store))\//,
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
    },
  },
  preview: { headers: { "content-security-policy": contentSecurityPolicy } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    // A machine that builds beside the tests is several times slower: they wait for what they look for,
    // and these bounds only end what would never come.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    restoreMocks: true,
    unstubGlobals: true,
  },
});
