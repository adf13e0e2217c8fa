import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { account, accountsAt } from "../src/accounts/accounts-fixture";
import type { Me } from "../src/api/types";
import { priceSync, report, rowList } from "../src/catalog/catalog-fixture";
import {
  channelList,
  groupList,
  statusList,
  userGroupList,
} from "../src/channel-groups/groups-fixture";
import { channelTest } from "../src/channel-tests/tests-fixture";
import { channel, result } from "../src/channels/fixtures/channels";
import { dashboard, freshDashboard } from "../src/dashboard/dashboard-fixture";
import { rule } from "../src/error-rules/rules-fixture";
import { fullOptions, shaped } from "../src/options/options-fixture";
import { healthyOverview, overview } from "../src/overview/overview-fixture";
import { me, operatorPermissions, root } from "../src/test/fixtures";
import { considered, decision, trace } from "../src/trace/fixtures/base";
import {
  auditList,
  groupsOfUsers,
  hostile,
  keyList,
  sessionList,
  stored,
  user,
} from "../src/users/users-fixture";
import { languages, lookAt } from "./looks";
import { mockServer } from "./mock";
import { expectNoTrouble, watch } from "./trouble";

/** When all of it is looked at. */
const now = "2026-11-24T10:30:00Z";

const document: { paths: object } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../docs/openapi.json"), "utf8"),
);

/** Some of the operations: looking at all of them takes a minute, and the sweep does. */
const excerpt = {
  ...document,
  paths: Object.fromEntries(Object.entries(document.paths).slice(0, 12)),
};

const groupAnswers = {
  "GET /api/admin/channel-groups": { items: groupList },
  "GET /api/admin/channels": { items: channelList },
  "GET /api/admin/user-groups": { items: userGroupList },
  "GET /api/admin/channel-status": { items: statusList },
};

const act = "then";

const ruleList = [
  rule("too-long", {
    priority: 10,
    match: { status: [400, 413], contains: "prompt is too long", dialects: ["messages"] },
    [act]: { status: 413, message: "The conversation is too long: start a new one." },
  }),
  rule("quota", { match: { regex: "quota|credit", channels: ["pro-1"] }, enabled: false }),
];

/** What an import of channels would do. */
const applied = {
  dry_run: true,
  changes: [
    { verb: "create", kind: "model", name: "gpt-9", fields: [] },
    {
      verb: "create",
      kind: "channel",
      name: "fresh",
      fields: [
        { path: "kind", after: "openai" },
        { path: "base_url", after: "https://api.openai.com/v1" },
        { path: "priority", after: "0" },
        { path: "models.gpt-9", after: "gpt-9" },
      ],
    },
    {
      verb: "update",
      kind: "channel",
      name: "pro-1",
      fields: [
        { path: "priority", before: "10", after: "20" },
        { path: "weight", before: "3", after: "1" },
      ],
    },
  ],
  notes: [],
  generated: [],
};

const codexChannel = channelList.map((one) => ({ ...one, name: "codex-1", kind: "codex" }))[0];

const accountAnswers = {
  "GET /api/admin/accounts": { items: accountsAt(Date.parse(now)) },
  "GET /api/admin/channels": { items: [codexChannel] },
  "GET /api/admin/channels/codex-1": codexChannel,
  "GET /api/admin/channel-status": { items: [] },
  "POST /api/admin/accounts/log-in": { url: "https://auth.openai.com/authorize?state=oauth_1" },
  "POST /api/admin/accounts/log-in/finish": account({}, Date.parse(now)),
};

const modelAnswers = {
  "GET /api/admin/models": { items: rowList, approx_total: rowList.length },
  "GET /api/admin/models/gpt-5.2": rowList[2],
  "POST /api/admin/models/import": report(),
  "GET /api/admin/price-sync": priceSync(),
};

/** Ticks the box above a list. Its rows may come a moment after it: without any there is nothing to tick. */
async function checkAll(page: Page) {
  const all = page.getByRole("checkbox").first();
  await expect(() => all.check({ timeout: 1000 })).toPass();
}

interface Looked {
  name: string;
  path: string;
  who: Me;
  json: Record<string, unknown>;
  /** What is done before it is looked at. */
  steps?: (page: Page) => Promise<void>;
}

const ofBen = {
  ...groupAnswers,
  "GET /api/admin/user-groups": { items: groupsOfUsers },
  "GET /api/admin/people/ben": user("ben"),
  "GET /api/admin/users/ben": stored(user("ben")),
};

/** What is looked at: where it is, who looks, what the server says, and the text that makes it ready. */
const pages: Looked[] = [
  {
    name: "dashboard",
    path: "/dashboard",
    who: me({ preferences: { monthly_budget_usd: "350" } }),
    json: {
      "GET /api/dashboard": dashboard({
        attention: [{ kind: "failing", params: { count: "10", cause: "rate_limited" } }],
      }),
    },
  },
  {
    name: "dashboard-budget",
    path: "/dashboard",
    who: me({ preferences: { monthly_budget_usd: "280.5" } }),
    json: { "GET /api/dashboard": dashboard() },
    steps: async (page) => {
      await page.locator("dl button").click();
      await page.getByRole("dialog").getByRole("textbox").fill("12,5");
      await page.keyboard.press("Enter");
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
    name: "channels-by-group",
    path: "/admin/channels?view=groups",
    who: root(),
    json: groupAnswers,
  },
  {
    name: "channels-tested",
    path: "/admin/channels",
    who: root(),
    json: {
      ...groupAnswers,
      "GET /api/admin/channels": {
        items: channelList.map((one) => ({ ...one, credentials: [{ name: "k1" }] })),
      },
    },
    async steps(page) {
      await page.route("**/api/admin/channels/*/test", (route) => {
        const isGood = route.request().url().includes("pro-1");
        const failure = { code: "unauthorized", detail: "401 invalid x-api-key" } as const;
        const told = [
          `event: result\ndata: ${JSON.stringify(result(isGood ? {} : { ok: false, failure }))}\n\n`,
          "event: done\ndata: {}\n\n",
        ];
        return route.fulfill({
          headers: { "content-type": "text/event-stream" },
          body: told.join(""),
        });
      });
      await checkAll(page);
      await page
        .getByRole("button", { name: /^(Test|测试)$/ })
        .first()
        .click();
      const sheet = page.getByRole("dialog");
      await sheet.getByRole("button", { name: /^(Test 4 channels|测试 4 个渠道)$/ }).click();
      await sheet.getByRole("button", { name: /(that failed|停用失败的)/ }).waitFor();
    },
  },
  {
    name: "channels-import",
    path: "/admin/channels?import=true",
    who: root(),
    json: { ...groupAnswers, "POST /api/admin/apply": applied },
    async steps(page) {
      const sheet = page.getByRole("dialog");
      const channel = [
        { name: "fresh", kind: "openai", credentials: [{ name: "k1" }] },
        { name: "pro-1", priority: 20, weight: 1 },
        { name: "pro-2" },
        { name: "std-1", groups: ["nowhere"] },
      ];
      await sheet.getByRole("textbox").fill(JSON.stringify({ version: 1, channel }));
      await sheet.getByRole("button", { name: /^(Compare|比较)$/ }).click();
      await sheet.getByRole("listitem").first().waitFor();
    },
  },
  {
    name: "channels-import-mistakes",
    path: "/admin/channels?import=true",
    who: root(),
    json: groupAnswers,
    async steps(page) {
      const sheet = page.getByRole("dialog");
      const text =
        '[\n  { "name": "pro-1",\n    "wieght": 2, "enabled": "yes",\n    "kind": "opnai" }\n]';
      await sheet.getByRole("textbox").fill(text);
      await sheet.getByRole("button", { name: /^(Compare|比较)$/ }).click();
      await sheet.getByRole("alert").waitFor();
    },
  },
  {
    name: "channel-options",
    path: "/admin/channels/pro-1/options",
    who: root(),
    json: {
      ...groupAnswers,
      "GET /api/admin/channels/pro-1": channel({ options: fullOptions as never }),
      "POST /api/admin/channels/pro-1/shape": shaped,
    },
    async steps(page) {
      await page.getByRole("button", { name: /^(Show what becomes|查看结果)/ }).click();
      await page.locator("ins").first().waitFor();
    },
  },
  {
    name: "error-rules",
    path: "/admin/error-rules",
    who: root(),
    json: { ...groupAnswers, "GET /api/admin/error-rules": { items: ruleList } },
  },
  {
    name: "error-rules-empty",
    path: "/admin/error-rules",
    who: root(),
    json: { "GET /api/admin/error-rules": { items: [] } },
  },
  {
    name: "error-rules-sheet",
    path: "/admin/error-rules?row=too-long",
    who: root(),
    json: {
      ...groupAnswers,
      "GET /api/admin/error-rules": { items: ruleList },
      "GET /api/admin/error-rules/too-long": ruleList[0],
      "POST /api/admin/error-trial": {
        rule: "busy",
        cause: "overloaded",
        retried: true,
        rests: "endpoint",
        status: 503,
        body: '{"error":{"message":"The upstream is overloaded.","type":"overloaded_error","code":"overloaded"}}',
      },
    },
    async steps(page) {
      await page.getByRole("button", { name: /^(Try|试试)$/ }).click();
      await page.locator("pre").waitFor();
    },
  },
  {
    name: "channel-tests",
    path: "/admin/channels/pro-1/tests",
    who: root(),
    json: {
      ...groupAnswers,
      "GET /api/admin/channels/pro-1": channel(),
      "GET /api/admin/channels/pro-1/tests": {
        items: [
          channelTest("ct_4"),
          channelTest("ct_3", {
            trigger: "probe",
            first_event_us: 1_450_000,
            dialect: "responses",
          }),
          channelTest("ct_2", {
            trigger: "schedule",
            depth: "scan",
            outcome: "flawed",
            answered_model: "gpt-4o-mini",
            findings: [
              { code: "other_model", severity: "error" },
              { code: "burst", severity: "warning" },
            ],
          }),
          channelTest("ct_1", {
            outcome: "failed",
            status: 401,
            cause: "unauthorized",
            detail: "wrong key",
          }),
        ],
      },
    },
  },
  {
    name: "channel-addresses",
    path: "/admin/channels/pro-1/routing",
    who: root(),
    json: {
      ...groupAnswers,
      "POST /api/admin/channels/resolve": { urls: [], warnings: [], addresses: ["203.0.113.9"] },
      "GET /api/admin/channels/pro-1": channel({
        endpoints: [
          "https://eu.api.openai.com/v1",
          { base_url: "https://us.api.openai.com/v1", priority: -5, enabled: false },
        ],
      }),
    },
    // A host that is new wants the keys again, and an address that stands there twice is a mistake.
    async steps(page) {
      const add = page.getByRole("button", { name: /^(Add an address|添加地址)$/ });
      for (const address of ["https://api.example.com/v1", "https://eu.api.openai.com/v1"]) {
        await add.click();
        await page
          .getByRole("textbox", { name: /^(Address|地址) \d$/ })
          .last()
          .fill(address);
      }
      // Looked at from its top: what lies under the bars above and below cannot be hit there.
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
  { name: "models", path: "/admin/models", who: root(), json: modelAnswers },
  {
    name: "models-empty",
    path: "/admin/models",
    who: root(),
    json: {
      "GET /api/admin/models": { items: [], approx_total: 0 },
      "GET /api/admin/price-sync": priceSync({ waiting: [] }),
    },
  },
  {
    name: "models-sheet",
    path: "/admin/models?row=gpt-5.2",
    who: root(),
    json: modelAnswers,
    steps: (page) => page.locator("[name=input_usd_per_1m]").fill("125"),
  },
  {
    name: "models-import",
    path: "/admin/models?import=true",
    who: root(),
    json: modelAnswers,
    async steps(page) {
      const sheet = page.getByRole("dialog");
      await sheet.getByRole("textbox").fill("{}");
      await sheet.getByRole("button", { name: /^(Compare|比较)$/ }).click();
      await sheet.getByRole("listitem").first().waitFor();
    },
  },
  { name: "accounts", path: "/admin/accounts", who: root(), json: accountAnswers },
  { name: "account-active", path: "/admin/accounts?row=cr_a", who: root(), json: accountAnswers },
  { name: "account-lost", path: "/admin/accounts?row=cr_b", who: root(), json: accountAnswers },
  {
    name: "channel-accounts",
    path: "/admin/channels/codex-1/credentials",
    who: me({ role: "admin", permissions: operatorPermissions }),
    json: accountAnswers,
  },
  {
    name: "account-log-in",
    path: "/admin/channels/codex-1/credentials",
    who: root(),
    json: accountAnswers,
    async steps(page) {
      await page.getByRole("button", { name: /^(Log in to an account|登录账号)$/ }).click();
      await page.getByRole("button", { name: /^(Begin|开始)$/ }).click();
      await page.getByRole("dialog").getByRole("textbox").fill("hello");
      await page.keyboard.press("Tab");
    },
  },
  {
    name: "account-import",
    path: "/admin/accounts",
    who: root(),
    json: accountAnswers,
    async steps(page) {
      await page.getByRole("button", { name: /^(Import tokens|导入令牌)$/ }).click();
      await page.getByRole("dialog").getByRole("textbox").first().waitFor();
    },
  },
  {
    name: "account-arrived",
    path: "/admin/accounts?row=cr_b",
    who: root(),
    json: accountAnswers,
    async steps(page) {
      await page.getByRole("button", { name: /^(Log in again|重新登录)$/ }).click();
      await page.getByRole("button", { name: /^(Begin|开始)$/ }).click();
      const address = "http://localhost:1455/auth/callback?code=c&state=oauth_1";
      await page.getByRole("dialog").getByRole("textbox").fill(address);
      await page.getByRole("button", { name: /^(Finish log-in|完成登录)$/ }).click();
      await page.getByRole("status").getByText("ana@example.org").waitFor();
    },
  },
  {
    name: "user-groups",
    path: "/admin/user-groups",
    who: root(),
    json: {
      ...groupAnswers,
      "GET /api/admin/users": {
        items: [],
        facets: [{ field: "user_group", values: [{ value: "team", count: 12 }] }],
      },
    },
  },
  {
    name: "user-group",
    path: "/admin/user-groups/team",
    who: root(),
    json: {
      ...groupAnswers,
      "GET /api/admin/user-groups/team": userGroupList[1],
      "GET /api/admin/people": { items: [user("ben"), hostile], approx_total: 12 },
    },
  },
  { name: "user", path: "/admin/users/ben", who: root(), json: ofBen },
  {
    name: "user-of-admin",
    path: `/admin/users/${hostile.username}`,
    who: me({ id: "us_3", role: "admin", permissions: operatorPermissions }),
    json: {
      ...ofBen,
      [`GET /api/admin/people/${hostile.username}`]: hostile,
      [`GET /api/admin/users/${hostile.username}`]: stored(hostile),
    },
  },
  {
    name: "user-keys",
    path: "/admin/users/ben/keys",
    who: root(),
    json: { ...ofBen, "GET /api/admin/api-keys": { items: keyList } },
  },
  {
    name: "user-sessions",
    path: "/admin/users/ben/sessions",
    who: root(),
    json: { ...ofBen, "GET /api/admin/users/ben/sessions": { items: sessionList } },
  },
  {
    name: "user-audit",
    path: "/admin/users/ben/audit",
    who: root(),
    json: { ...ofBen, "GET /api/admin/audit": { items: auditList } },
  },
  {
    name: "api-docs",
    path: "/docs/api",
    who: me(),
    json: { "GET /api/openapi.json": excerpt },
  },
];

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC", viewport: { width: 1440, height: 900 } });

    for (const { name, path, who, json, steps } of pages) {
      test(name, async ({ page }, info) => {
        const trouble = watch(page);
        await page.clock.setFixedTime(now);
        await mockServer(page, { me: who, json });
        await page.goto(path);
        await expect(page.locator("h1")).toHaveCount(1);
        await page.waitForLoadState("networkidle");
        await steps?.(page);
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        await lookAt(page, info, { name, language, widths: [1440, 390, 320] });
        expectNoTrouble(trouble);
      });
    }
  });
}
