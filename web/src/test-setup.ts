import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";

import { setLanguage, startI18n } from "./i18n";

beforeAll(() => startI18n("en"));
beforeEach(async () => {
  delete document.documentElement.dataset.theme;
  await setLanguage("en");
  localStorage.clear();
});
afterEach(cleanup);
