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
  plugins: [tanstackRouter(), react(), tailwindcss(), compress()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // a data: URL would be against the content security policy
    modulePreload: { polyfill: false },
    manifest: true,
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
    testTimeout: 20_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
