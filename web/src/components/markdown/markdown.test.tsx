import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { Markdown } from "./markdown";

const active = "script, img, iframe, object, style, form, input, [onerror], [onload], [style]";

it("brings nothing into the page that could do something", () => {
  const text = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)> <b>bold</b>",
    "[click](javascript:alert(1)) [here](data:text/html,x)",
    "![picture](https://e.org/p.png)",
    "<https://e.org/a> &lt;",
  ].join("\n");
  const { container } = render(<Markdown text={text} />);
  expect(container.querySelector(active)).toBeNull();
  expect(container.querySelector("b")).toBeNull();
  expect(container).toHaveTextContent("<script>alert(1)</script>");
  expect(container).toHaveTextContent("[click](javascript:alert(1))");
  expect(container).toHaveTextContent("&lt;");
  const links = screen.getAllByRole("link").map((link) => link.getAttribute("href"));
  expect(links).toEqual(["https://e.org/p.png", "https://e.org/a"]);
});

it("opens links elsewhere, tells nothing of this page, and says where they lead", () => {
  render(<Markdown text="[the bank](https://evil.example/x)" />);
  const link = screen.getByRole("link", { name: "the bank" });
  expect(link).toHaveAttribute("target", "_blank");
  expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
  expect(link).toHaveAttribute("title", "https://evil.example/x");
});

it("leads to pages of this site without leaving it, and to nothing that only looks so", () => {
  const good = "[top up](/topup) [your call](/usage/req_1?tab=cost#sum)";
  const bad =
    "[a](//evil.example/x) [b](/\\evil.example) [c](/api/session) [d](/v1/models) [e](topup)";
  const { container } = render(<Markdown text={`${good}\n\n${bad}`} />);
  const links = screen.getAllByRole("link");
  const hrefs = links.map((link) => link.getAttribute("href"));
  expect(hrefs).toEqual(["/topup", "/usage/req_1?tab=cost#sum"]);
  for (const link of links) expect(link).not.toHaveAttribute("target");
  expect(container).toHaveTextContent("[a](//evil.example/x)");
});

it("shows headings, lists, quotes and marked words as what they are", () => {
  render(<Markdown text={"# Title\n\n3. **one**\n4. `two`\n\n> *said*\n\n- a"} />);
  expect(screen.getByRole("heading", { name: "Title" })).toBeVisible();
  const [numbered, plain] = screen.getAllByRole("list");
  expect(numbered).toHaveAttribute("start", "3");
  expect(within(numbered as HTMLElement).getAllByRole("listitem")).toHaveLength(2);
  expect(screen.getByText("one").tagName).toBe("STRONG");
  expect(screen.getByText("two").tagName).toBe("CODE");
  expect(screen.getByText("said").closest("blockquote")).not.toBeNull();
  expect(plain).toHaveTextContent("a");
});

it("names a block of code by its language, and else in the language of the page", async () => {
  await setLanguage("zh-CN");
  render(<Markdown text={"```json\n{}\n```\n\n```\nplain\n```"} />);
  expect(screen.getByRole("region", { name: "json" })).toHaveTextContent("{}");
  expect(screen.getByRole("region", { name: "代码" })).toHaveTextContent("plain");
});
