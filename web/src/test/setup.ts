import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";

import { actAs } from "@/api/client";
import { toast, toastStore } from "@/components/toast";
import { setLanguage, startI18n } from "@/i18n";
import { areas } from "@/i18n/areas";
import { fillInBrowser } from "./browser";
import { server } from "./server";

fillInBrowser();
configure({ asyncUtilTimeout: 20_000 }); // a page and its texts are loaded first, on a busy machine too

beforeAll(async () => {
  server.listen({ onUnhandledRequest: "error" });
  await startI18n("en", areas);
});
beforeEach(async () => {
  delete document.documentElement.dataset.theme;
  await setLanguage("en");
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  actAs(undefined);
  for (const { id } of toastStore.get()) toast.dismiss(id);
});
afterAll(() => server.close());

// jsdom has no canvas: a chart is what stands around its drawing.
vi.mock("@/chart/plot", () => ({ default: () => null }));
