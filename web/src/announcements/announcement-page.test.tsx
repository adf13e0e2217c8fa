import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { problem } from "@/test/server";
import { announcement, openReader } from "./announcements-fixture";

const older = announcement({
  id: "an_2",
  read: true,
  texts: { zh: { title: "新模型", body: "今天上线。" } },
});

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

describe("an announcement", () => {
  it("is read once it is opened, and the bell knows it", async () => {
    const { told, user } = openReader("/announcements/an_1", { items: [announcement(), older] });
    expect(await heading("Maintenance")).toHaveAttribute("lang", "en");
    expect(screen.getByText("Sunday").tagName).toBe("STRONG");
    expect(await screen.findByRole("button", { name: "Announcements" })).toBeVisible();
    expect(told()).toEqual(["POST /api/announcements/an_1/read"]);
    await user.click(screen.getByRole("link", { name: /^Next/ }));
    expect(await heading("新模型")).toBeVisible();
    await user.click(screen.getByRole("link", { name: /^Previous.*Maintenance/ }));
    expect(await heading("Maintenance")).toBeVisible();
    expect(told()).toHaveLength(1);
  });

  it("stands in the crumbs by its title, in its language", async () => {
    openReader("/announcements/an_2", { items: [announcement(), older] });
    await heading("新模型");
    const crumb = () => screen.getAllByText("新模型").find((one) => "private" in one.dataset);
    await waitFor(() => expect(crumb()).toHaveAttribute("lang", "zh-CN"));
    expect(screen.queryByText("an_2")).toBeNull();
  });

  it("is there in the other language where the reader's has no text, and says so", async () => {
    openReader("/announcements/an_2", { items: [announcement(), older] });
    expect(await heading("新模型")).toHaveAttribute("lang", "zh-CN");
    expect(screen.getByText("This announcement is there in Chinese only.")).toBeVisible();
    expect(screen.getByText("今天上线。").closest("[lang]")).toHaveAttribute("lang", "zh-CN");
  });

  it("keeps hostile text as text", async () => {
    const hostile = '<img src=x onerror="alert(1)"> [press](javascript:alert(1))';
    const texts = { en: { title: "<script>1</script>", body: hostile } };
    const { container } = openReader("/announcements/an_1", { items: [announcement({ texts })] });
    expect(await heading("<script>1</script>")).toBeVisible();
    const article = within(screen.getByRole("article"));
    expect(article.getByText(/<img src=x/)).toBeVisible();
    expect(container.querySelector("img, script")).toBeNull();
    expect(article.queryByRole("link")).toBeNull();
  });

  it("that is gone says so, and leads to the others", async () => {
    openReader("/announcements/an_9");
    expect(await screen.findByText("This announcement is gone")).toBeVisible();
    expect(screen.getByRole("link", { name: "All announcements" })).toHaveAttribute(
      "href",
      "/announcements",
    );
  });

  it("says what went wrong, and tries again", async () => {
    let isDown = true;
    const down = http.get("/api/announcements", () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ items: [announcement()] }),
    );
    const { user } = openReader("/announcements/an_1", { first: [down] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await heading("Maintenance")).toBeVisible();
  });

  it("can be read even if that cannot be told", async () => {
    const tried: string[] = [];
    const refused = http.post("/api/announcements/:id/read", ({ request }) => {
      tried.push(new URL(request.url).pathname);
      return problem(503, "unavailable");
    });
    openReader("/announcements/an_1", { first: [refused] });
    expect(await heading("Maintenance")).toBeVisible();
    await waitFor(() => expect(tried).toEqual(["/api/announcements/an_1/read"]));
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("an announcement has its Chinese text", async () => {
    await setLanguage("zh-CN");
    openReader("/announcements/an_1");
    expect(await heading("维护")).toHaveAttribute("lang", "zh-CN");
    expect(screen.getByText("周日").tagName).toBe("STRONG");
    expect(screen.queryByText(/只有/)).toBeNull();
  });
});
