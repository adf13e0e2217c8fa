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
        // A page loads a dozen files instead of a hundred: what most pages share lies together. First
        // what the entry needs, so that no group below can make it grow.
        codeSplitting: {
          groups: [
            { name: "base", tags: ["$initial"], test: /node_modules/, priority: 9 },
            { name: "core", tags: ["$initial"], test: /\/src\/(?!main\.tsx)/, priority: 8 },
            { name: "icons", test: /node_modules\/lucide-react\//, priority: 7 },
            {
              name: "kit",
              test: /\/src\/(?:components\/(?!value\/)|format\/|api\/(?!stream\.|sse\.)|connect\/app-link)/,
              minShareCount: 4,
              priority: 6,
            },
            {
              name: "frame",
              test: /\/src\/(?:shell\/|session\/(?!reauthentication-)|table\/preferences|filter\/(?:grammar|range))/,
              minShareCount: 2,
              priority: 5,
            },
            {
              name: "form",
              test: /\/src\/form\/(?:form|form-field|submit-button|use-form|rules|rule-text|password-input|error-summary|pointer|rows-field|move)\.|node_modules\/(?:react-hook-form|zod|@hookform)\//,
              minShareCount: 2,
              priority: 4,
            },
            // What most pages need, but not the one to sign in.
            {
              name: "parts",
              test: /\/src\/(?:form\/|limits\/|live\/|components\/value\/|api\/(?:stream|sse)\.)/,
              minShareCount: 3,
              priority: 3,
            },
            {
              name: "chart",
              test: /\/src\/(?:chart\/|usage\/(?:usage-chart|queries|outcome|part-name|calls-link)|trace\/(?:words|use-reader))/,
              minShareCount: 2,
              priority: 3,
            },
            {
              name: "list",
              test: /\/src\/(?:table|filter)\/|node_modules\/@tanstack\/(?:react-)?(?:table|virtual)/,
              minShareCount: 4,
              priority: 2,
            },
            { name: "calls", test: /\/src\/(?:usage|trace)\//, minShareCount: 3, priority: 1 },
            {
              name: "people",
              test: /\/src\/(?:users|user-groups|tokens|limits)\//,
              minShareCount: 2,
              priority: 0,
            },
            {
              name: "channels",
              test: /\/src\/(?:(?:channels|batch|channel-groups|routing)\/|accounts\/queries)/,
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
