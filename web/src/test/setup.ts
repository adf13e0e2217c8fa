import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";

import { setLanguage, startI18n } from "@/i18n";
import { areas } from "@/i18n/areas";

beforeAll(() => startI18n("en", areas));
beforeEach(async () => {
  delete document.documentElement.dataset.theme;
  await setLanguage("en");
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(cleanup);
