import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "@playwright/test";

import notificationsEn from "../src/i18n/en/notifications";
import notificationsZh from "../src/i18n/zh-CN/notifications";
import { languages, lookAt } from "./looks";
import { post, test } from "./paying";
import { enter } from "./people";
import { expectNoTrouble, watch } from "./trouble";

const texts = { en: notificationsEn, "zh-CN": notificationsZh };

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC", viewport: { width: 1440, height: 900 } });

    test("root sets a webhook up, tries it, and is told there what happens", async ({
      page,
      paying,
    }, info) => {
      test.setTimeout(300_000);
      const t = texts[language];
      const { stage, root, ana } = paying;
      const hook = await startHook();
      const name = `Hook ${language}`;
      try {
        // Where things are told takes a fresh proof; the stage may be older than that.
        const { password } = root;
        const proof = await root.api.post("/api/me/reauthenticate", { data: { password } });
        expect(proof.ok(), await proof.text()).toBe(true);
        await enter(page.context(), root);
        const trouble = watch(page);
        await page.goto(`${stage.url}/admin/notifications`);
        await page.getByRole("button", { name: t.make }).first().click();
        const sheet = page.getByRole("dialog");
        await sheet.getByLabel(t.column.kind).selectOption("webhook");
        await sheet.getByLabel(t.column.name, { exact: true }).fill(name);
        await sheet.getByLabel(t.field.url, { exact: true }).fill(hook.address);
        await sheet.getByRole("button", { name: t.form.verb, exact: true }).click();
        const row = page.getByRole("grid", { name: t.targets.rows }).getByRole("row", { name });
        await expect(row).toContainText("127.0.0.1");

        // A test says what came of it.
        await row.getByRole("button", { name: t.test.verb }).click();
        await expect(page.getByRole("dialog").getByText(t.test.ok)).toBeVisible();
        expect(hook.taken().body.type).toBe("test");
        await page.keyboard.press("Escape");

        // What happens is told there, signed, and stands in the history.
        const subject = `Told in ${language}`;
        await post(ana, "/api/tickets", { subject, category: "other", body: "Is it?" });
        await expect.poll(() => hook.subjects()).toContain(subject);
        const { headers, body } = hook.taken();
        expect(headers["webhook-signature"]).toMatch(/^v1,/);
        expect(body.title).toContain(subject);
        await page.reload();
        const history = page.getByRole("grid", { name: t.history.rows });
        const told = history
          .getByRole("row")
          .filter({ hasText: subject })
          .filter({ hasText: name });
        await expect(told).toContainText(t.state.sent);
        await lookAt(page, info, { name: "notifications", language, widths: [1440, 390] });
        expectNoTrouble(trouble);
      } finally {
        await hook.close();
        const { items } = await (await root.api.get("/api/admin/notifications/targets")).json();
        for (const { id } of items.filter((one: { name: string }) => one.name === name)) {
          await root.api.delete(`/api/admin/notifications/targets/${id}`);
        }
      }
    });
  });
}

interface Taken {
  headers: IncomingHttpHeaders;
  body: { type: string; title: string; data: { subject?: string } };
}

/** A program of somebody that takes what is posted to it. */
async function startHook() {
  const all: Taken[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      all.push({ headers: request.headers, body: JSON.parse(Buffer.concat(pieces).toString()) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/hook`,
    /** What came last. */
    taken: (): Taken => {
      const last = all.at(-1);
      if (last === undefined) throw new Error("nothing was posted");
      return last;
    },
    subjects: () => all.map(({ body }) => body.data.subject),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
