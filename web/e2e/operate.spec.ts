import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

import {
  channelList,
  groupList,
  statusList,
  userGroupList,
} from "../src/channel-groups/groups-fixture";
import { dashboard, freshDashboard } from "../src/dashboard/dashboard-fixture";
import { healthyOverview, overview } from "../src/overview/overview-fixture";
import { me, root } from "../src/test/fixtures";
import { considered, decision, trace } from "../src/trace/fixtures/base";
import { mockServer } from "./mock";
import {
  expectAccessible,
  expectNoSidewaysScroll,
  expectNoTrouble,
  expectOneLanguage,
  watch,
} from "./trouble";

const document: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../docs/openapi.json"), "utf8"),
);

const groupAnswers = {
  "GET /api/admin/channel-groups": { items: groupList },
  "GET /api/admin/channels": { items: channelList },
  "GET /api/admin/user-groups": { items: userGroupList },
  "GET /api/admin/channel-status": { items: statusList },
};

/** What is looked at: where it is, who looks, what the server says, and the text that makes it ready. */
const pages = [
  {
    name: "dashboard",
    path: "/dashboard",
    who: me(),
    json: {
      "GET /api/dashboard": dashboard({
        attention: [{ kind: "failing", params: { count: "10", cause: "rate_limited" } }],
      }),
    },
  },
  {
    name: "dashboard-fresh",
    path: "/dashboard",
    who: root(),
    json: { "GET /api/dashboard": freshDashboard() },
  },
  {
    name: "overview",
    path: "/admin",
    who: root(),
    json: { "GET /api/admin/overview": overview() },
  },
  {
    name: "overview-healthy",
    path: "/admin",
    who: root(),
    json: { "GET /api/admin/overview": healthyOverview() },
  },
  {
    name: "routing",
    path: "/admin/routing?api_key=ak_12&model=gpt-5.2&dialect=responses&request=01890a5d",
    who: root(),
    json: {
      "GET /api/admin/usage/01890a5d": trace(),
      "GET /api/admin/api-keys": { items: [] },
      "GET /api/admin/models": { items: [] },
      "POST /api/admin/routing/simulate": decision(considered.slice(1), { catalog_version: 121 }),
    },
  },
  {
    name: "routing-empty",
    path: "/admin/routing",
    who: root(),
    json: {
      "GET /api/admin/user-groups": { items: [] },
      "GET /api/admin/models": { items: [] },
    },
  },
  {
    name: "groups",
    path: "/admin/channel-groups",
    who: root(),
    json: groupAnswers,
  },
  {
    name: "group",
    path: "/admin/channel-groups/pro",
    who: root(),
    json: {
      ...groupAnswers,
      "GET /api/admin/channel-groups/pro": groupList[1],
      "GET /api/admin/api-keys": { items: [{ id: "ak_1", name: "laptop", user: "ana" }] },
    },
  },
  {
    name: "api-docs",
    path: "/docs/api",
    who: me(),
    json: { "GET /api/openapi.json": document },
  },
];

for (const [locale, language] of [
  ["en-US", "en"],
  ["zh-CN", "zh-CN"],
] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 390, 320]) {
      test.describe(`${language}, ${colorScheme}, ${width} px`, () => {
        test.use({ locale, colorScheme, viewport: { width, height: 900 }, timezoneId: "UTC" });

        for (const { name, path, who, json } of pages) {
          test(name, async ({ page }, info) => {
            const trouble = watch(page);
            await page.clock.setFixedTime("2026-11-24T10:30:00Z");
            await mockServer(page, { me: who, json });
            await page.goto(path);
            await expect(page.locator("h1")).toHaveCount(1);
            await page.waitForLoadState("networkidle");
            await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
            await expectNoSidewaysScroll(page);
            await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
            await expectOneLanguage(page, language);
            await expectAccessible(page);
            expectNoTrouble(trouble);
          });
        }
      });
    }
  }
}
