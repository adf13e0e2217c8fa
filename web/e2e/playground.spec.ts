import { expect, type Page, test } from "@playwright/test";
import { keys, models } from "../src/connect/fixtures/account";
import { conversation } from "../src/playground/fixtures/conversation";
import { append } from "../src/playground/tree";
import { me } from "../src/test/fixtures";
import { keepPicture, languages, lookAt } from "./looks";
import { mockServer } from "./mock";
import { expectNoTrouble, watch } from "./trouble";

const answer =
  "A queue keeps the order: what came first goes first. A stack turns it round, so the newest is at hand. " +
  "For jobs of equal weight take the queue.";

const frame = (type: string, rest: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

const stream =
  frame("response.created", { response: { model: "gpt-5.2-2025-12-11" } }) +
  frame("response.output_text.delta", { item_id: "msg_1", delta: answer }) +
  frame("response.completed", {
    response: { status: "completed", usage: { input_tokens: 812, output_tokens: 346 } },
  });

/** One model answers, one is at its limit, one keeps everybody waiting. */
async function serve(page: Page) {
  await mockServer(page, {
    me: me(),
    json: { "GET /api/models": { items: models }, "GET /api/tokens": { items: keys } },
  });
  await page.route("**/api/playground/**", async (route) => {
    const body = route.request().postDataJSON() as { model?: string };
    const id = { "x-request-id": "01890a60-0011-774b-bcce-b302099a0003" };
    if (body.model === "gpt-5.2")
      return route.fulfill({
        headers: { "content-type": "text/event-stream", ...id },
        body: stream,
      });
    if (body.model === "gpt-5.2-mini")
      return route.fulfill({
        status: 429,
        headers: id,
        json: { error: { message: "Rate limit reached.", code: "rate_limit_exceeded" } },
      });
    // No answer: what is not fulfilled stays open.
  });
}

const text = (page: Page, en: string, zh: string) => page.getByText(new RegExp(`^(${en}|${zh})`));
const button = (page: Page, en: string, zh: string) =>
  page.getByRole("button", { name: new RegExp(`^(${en}|${zh})$`) });

async function addModels(page: Page, count: number) {
  for (let more = 0; more < count; more += 1)
    await button(page, "Add a model to compare", "添加对比模型").first().click();
}

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC", viewport: { width: 1440, height: 900 } });

    const look = (page: Page, info: Parameters<typeof lookAt>[1], name: string) =>
      lookAt(page, info, { name, language, widths: [1440, 1024, 390, 320] });

    test("models side by side", async ({ page }, info) => {
      const trouble = watch(page);
      await serve(page);
      await page.goto("/playground");
      await addModels(page, 2);
      const composer = page.getByRole("textbox", { name: /^(Message|消息)$/ });
      await composer.fill("Queue or stack?");
      await button(page, "Send to all", "全部发送").click();
      await expect(page.getByText(answer)).toBeVisible();
      await expect(page.getByText("Rate limit reached.")).toBeVisible();
      await expect(button(page, "Stop claude-sonnet-4-5", "停止 claude-sonnet-4-5")).toBeVisible();
      await composer.fill("x".repeat(200_000));
      await expect(text(page, "Sending this may cost", "发送后费用")).toHaveCount(0);
      await composer.fill("");
      await look(page, info, "compare-running");

      // On a phone one column is shown at a time.
      await page.setViewportSize({ width: 390, height: 900 });
      await expect(page.getByText(answer)).toBeVisible();
      await expect(page.getByText("Rate limit reached.")).toBeHidden();
      await page.getByRole("radio", { name: /gpt-5\.2-mini/ }).check({ force: true });
      await expect(page.getByText("Rate limit reached.")).toBeVisible();
      await expect(page.getByText(answer)).toBeHidden();
      await keepPicture(page, info, "compare-second-390");

      await page.setViewportSize({ width: 1440, height: 900 });
      await button(page, "Stop claude-sonnet-4-5", "停止 claude-sonnet-4-5").click();
      await composer.fill("x".repeat(200_000));
      await expect(text(page, "Sending this may cost", "发送后费用")).toBeVisible();
      await composer.press("End");
      await look(page, info, "compare-estimate");

      // The one that was refused is the only trouble there was.
      expect(trouble.failedRequests).toEqual([expect.stringMatching(/^429 /)]);
      expect(trouble.foreignRequests).toEqual([]);
      expect(trouble.errors).toEqual([expect.stringContaining("429")]);
    });

    test("versions of a conversation", async ({ page }, info) => {
      const trouble = watch(page);
      await serve(page);
      const [thread] = conversation.threads;
      const tree =
        thread &&
        append(thread.tree, "4", [
          {
            id: "7",
            role: "user",
            text: "And on Monday?",
            images: [],
            documents: [{ name: "plan.pdf", url: "" }],
          },
        ]);
      const kept = { ...conversation, threads: [{ ...thread, tree }] };
      await page.addInitScript(
        (written) => localStorage.setItem("playground", written),
        JSON.stringify({ version: 2, kept }),
      );
      await page.goto("/playground");
      await expect(page.getByText("And on Monday?")).toBeVisible();
      await expect(page.getByText("2 / 2")).toBeVisible();
      const picture = page.getByRole("img", { name: /^(Image|图片) 1$/ });
      await expect
        .poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth))
        .toBe(48);
      await look(page, info, "versions");
      await button(page, "Previous version", "上一个版本").press("Enter");
      await expect(page.getByText("And tomorrow?")).toBeVisible();
      await expect(button(page, "Previous version", "上一个版本")).toBeFocused();
      await page.getByRole("tab", { name: /^(Code|代码)$/ }).click();
      await page.getByText("Python SDK").click();
      await look(page, info, "code");
      expectNoTrouble(trouble);
    });
  });
}
