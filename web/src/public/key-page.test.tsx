import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { PublicKey } from "@/api/types";
import { features } from "@/test/fixtures";
import { problem } from "@/test/server";
import { openPublic, standing } from "./public-fixture";

const key = "sk_0123456789abcdefghij9f3a";

function server(answer: () => Response, models: () => Response = listed) {
  const sent: unknown[] = [];
  const handlers = [
    http.post("/api/public/key", async ({ request }) => {
      sent.push(await request.json());
      return answer();
    }),
    http.get("/v1/models", ({ request }) =>
      request.headers.get("authorization") === `Bearer ${key}`
        ? models()
        : HttpResponse.json({}, { status: 401 }),
    ),
  ];
  return { sent, handlers };
}

const listed = () => HttpResponse.json({ data: [{ id: "gpt-5.2" }, { id: "gpt-5.2-mini" }] });
const known =
  (changes: Partial<PublicKey> = {}) =>
  () =>
    HttpResponse.json(standing(changes));

/** The page with a key entered. */
async function check(answer: () => Response, models?: () => Response) {
  const { sent, handlers } = server(answer, models);
  const opened = openPublic("/key", { handlers });
  await opened.user.type(await screen.findByLabelText("API key"), ` ${key} `);
  await opened.user.click(screen.getByRole("button", { name: "Check key" }));
  return { ...opened, sent };
}

describe("an API key that is entered", () => {
  it("is shown with its limits, what is used, and how to set a client up", async () => {
    const { sent, user } = await check(known({ ends_at: "2027-01-01T00:00:00Z" }));
    const facts = within(await screen.findByRole("region", { name: "How it stands" }));
    expect(facts.getByText("laptop")).toBeVisible();
    expect(facts.getByText("Active")).toBeVisible();
    expect(facts.getByText("60 requests a minute")).toBeVisible();
    expect(facts.getByText("gpt-5*")).toBeVisible();
    const budgets = within(screen.getByRole("region", { name: "Budgets" }));
    expect(budgets.getByText(/\$8\.50 used, 85%/)).toBeVisible();
    expect(budgets.getByText(/Starts anew/)).toBeVisible();
    const used = within(screen.getByRole("list", { name: "Used" }));
    expect(used.getByText("$23.00")).toBeVisible();
    expect(sent).toEqual([{ key }]);

    // The key is masked until asked for.
    const clients = within(screen.getByRole("region", { name: "Set a client up" }));
    expect(await clients.findByRole("option", { name: "gpt-5.2-mini" })).toBeInTheDocument();
    expect(document.body).not.toHaveTextContent(key);
    await user.click(clients.getByRole("switch", { name: "Hide the key on the screen" }));
    expect(document.body).toHaveTextContent(key);
  });

  it("is nowhere but in the memory of the page, and gone when it is left", async () => {
    const { user, pages, queries } = await check(known());
    await screen.findByRole("option", { name: "gpt-5.2" });
    const kept = () =>
      [
        pages.state.location.href,
        JSON.stringify({ ...localStorage }),
        JSON.stringify({ ...sessionStorage }),
        JSON.stringify(
          queries
            .getQueryCache()
            .getAll()
            .map(({ queryKey, state }) => [queryKey, state]),
        ),
      ].join(" ");
    expect(kept()).not.toContain(key);
    await user.click(screen.getByRole("button", { name: "Forget this key" }));
    expect(await screen.findByLabelText("API key")).toHaveValue("");
    expect(document.body.innerHTML).not.toContain(key);
  });

  it("is forgotten by a page that is kept for Back", async () => {
    const { user } = await check(known());
    await screen.findByRole("region", { name: "How it stands" });
    fireEvent(window, new Event("pagehide"));
    const field = await screen.findByLabelText("API key");
    expect(field).toHaveValue("");
    await user.type(field, "sk_typed");
    fireEvent(window, new Event("pagehide"));
    await waitFor(() => expect(screen.getByLabelText("API key")).toHaveValue(""));
  });

  it.each([
    [404, "unknown_key", {}, "There is no such key, or it was revoked."],
    [401, "unknown_key", {}, "There is no such key, or it was revoked."],
    [429, "throttled", { "retry-after": "42" }, "Wait 42 seconds."],
    [404, "feature_off", {}, "This is switched off on this site."],
  ])("and is refused with %d %s says why", async (httpStatus, code, headers, words) => {
    await check(() => problem(httpStatus, code, {}, headers));
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
    expect(screen.getByLabelText("API key")).toHaveAttribute("autocomplete", "off");
  });

  it("and ended sets no client up", async () => {
    await check(known({ status: "expired", limits: {}, budgets: [], rules: {} }));
    expect(await screen.findByText(/This key has ended/)).toBeVisible();
    expect(screen.getByText("No limit")).toBeVisible();
    expect(screen.getByText("There is no budget for this key.")).toBeVisible();
    expect(screen.queryByRole("region", { name: "Set a client up" })).toBeNull();
  });

  it("that may not list its models leaves their place open", async () => {
    await check(known(), () => HttpResponse.json({ error: {} }, { status: 403 }));
    expect(await screen.findByText(/where MODEL_NAME stands/)).toBeVisible();
    expect(screen.getByRole("option", { name: "MODEL_NAME" })).toBeInTheDocument();
  });

  it("for no model says so", async () => {
    await check(known({ models: 0 }));
    expect(await screen.findByText("This key may use no model at the moment.")).toBeVisible();
  });

  it("must be there to be checked", async () => {
    const { user } = openPublic("/key");
    await user.click(await screen.findByRole("button", { name: "Check key" }));
    expect(await screen.findByText("Fill this in.")).toBeVisible();
  });
});

it("there is no such page where it is switched off", async () => {
  openPublic("/key", { site: { features: features() } });
  expect(await screen.findByRole("heading", { name: "This is switched off" })).toBeVisible();
});
