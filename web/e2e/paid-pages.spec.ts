import { expect } from "@playwright/test";

import { languages, lookAt } from "./looks";
import { test } from "./paying";
import { enter } from "./people";
import { allRoutes, isOfBusiness } from "./routes";
import { follow } from "./traffic";
import { expectNoTrouble, watch } from "./trouble";

/** Pages, and what each asks for at least. A name in `$…` stands for what there is of it. */
const pages = [
  { who: "ana", path: "/balance", asks: ["/api/balance", "/api/balance/entries"] },
  { who: "ben", path: "/balance", asks: ["/api/balance", "/api/balance/entries"] },
  {
    who: "root",
    path: "/admin/users/ana/balance",
    asks: ["/api/admin/users/ana/balance", "/api/admin/users/ana/balance/entries"],
  },
  { who: "root", path: "/admin/redemption-codes", asks: ["/api/admin/redemption-codes"] },
  { who: "ana", path: "/topup", asks: ["/api/top-up", "/api/orders"] },
  { who: "ana", path: "/subscription", asks: ["/api/subscriptions", "/api/plans"] },
  { who: "ben", path: "/subscription", asks: ["/api/subscriptions", "/api/plans"] },
  { who: "root", path: "/admin/plans", asks: ["/api/admin/plans"] },
  { who: "root", path: "/admin/subscriptions", asks: ["/api/admin/subscriptions"] },
  { who: "root", path: "/admin/orders", asks: ["/api/admin/orders"] },
  { who: "root", path: "/admin/margin", asks: ["/api/admin/margin?by=channel"] },
  { who: "root", path: "/admin/quarantine", asks: ["/api/admin/quarantine"] },
  { who: "root", path: "/admin/payment-channels", asks: ["/api/admin/payment-channels"] },
  { who: "ana", path: "/pay/$order/success", asks: ["/api/orders/$order"] },
  { who: "ana", path: "/tickets", asks: ["/api/tickets"] },
  { who: "ben", path: "/tickets", asks: ["/api/tickets"] },
  { who: "ana", path: "/tickets/new", asks: [] },
  { who: "ana", path: "/tickets/$ticket", asks: ["/api/tickets/$ticket"] },
  { who: "root", path: "/admin/tickets", asks: ["/api/admin/tickets?state=open"] },
  { who: "root", path: "/admin/tickets/$ticket", asks: ["/api/admin/tickets/$ticket"] },
  { who: "ana", path: "/announcements", asks: ["/api/announcements"] },
  { who: "ana", path: "/announcements/$announcement", asks: ["/api/announcements"] },
  { who: "root", path: "/admin/announcements", asks: ["/api/admin/announcements"] },
  { who: "root", path: "/admin/oauth-apps", asks: ["/api/admin/oauth-apps"] },
  { who: "root", path: "/admin/notifications", asks: ["/api/admin/notifications/rules"] },
  { who: "ana", path: "/account/notifications", asks: ["/api/me/notifications/rules"] },
  { who: "ana", path: "/account/invitations", asks: ["/api/invitation"] },
  { who: "ana", path: "/ranking", asks: ["/api/ranking?days=7"] },
  { who: "ana", path: "/prices", asks: ["/api/public/prices?sort=name"] },
  { who: "ana", path: "/status", asks: ["/api/public/status?sort=name"] },
  { who: "ana", path: "/key", asks: [] },
  { who: "ana", path: "/account", asks: ["/api/oauth/grants"] },
  { who: "ana", path: "/dashboard", asks: ["/api/balance"] },
] as const;

test("every page of business has its turn", () => {
  const shape = (path: string) => path.replaceAll(/\$\w+/g, "$").replace("/ana/", "/$/");
  const seen = new Set(pages.map(({ path }) => shape(path).replace("/success", "/$")));
  const all = allRoutes().filter((route) => isOfBusiness({ route, path: route }));
  expect(all.filter((route) => !seen.has(shape(route)))).toEqual([]);
});

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC" });

    test("the trace of a call says how it was charged", async ({ page, context, paying }, info) => {
      await enter(context, paying.ana);
      const trouble = watch(page);
      await page.goto(`${paying.stage.url}/usage/${paying.charged}`);
      const words = language === "en" ? "Yes, to the balance." : "已从余额扣除。";
      await expect(page.getByText(words)).toBeVisible();
      await lookAt(page, info, { name: "trace", language, widths: [1440, 390] });
      expectNoTrouble(trouble);
    });

    for (const { who, path, asks } of pages) {
      test(`${path} as ${who} sees it where people pay`, async ({
        page,
        context,
        paying,
      }, info) => {
        await enter(context, paying[who]);
        const trouble = watch(page);
        const traffic = follow(page);
        const fill = (text: string) =>
          text
            .replace("$order", paying.order)
            .replace("$ticket", paying.ticket)
            .replace("$announcement", paying.announcement);
        await page.goto(paying.stage.url + fill(path));
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        for (const ask of asks.map(fill)) {
          // Where a time is part of what is asked for, the path says enough.
          const isAsked = (asked: string) => asked === ask || asked.startsWith(`${ask}&since=`);
          await expect.poll(() => traffic.asked().some(isAsked), ask).toBe(true);
        }
        await traffic.settle();
        expect(traffic.asked().length, traffic.asked().join(" ")).toBeLessThanOrEqual(4);
        const name = `${who}${path.replaceAll(/\W+/g, "-")}`;
        await lookAt(page, info, { name, language, widths: [1440, 390] });
        expectNoTrouble(trouble);
      });
    }
  });
}
