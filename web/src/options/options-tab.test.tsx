import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { ChannelOptions, ShapeResult } from "@/api/types";
import { channel } from "@/channels/fixtures/channels";
import { channelHandlers, takeChanges } from "@/channels/fixtures/handlers";
import { me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { shaped } from "./options-fixture";

type Seen = { body: unknown; ifMatch: string | null }[];

const options: ChannelOptions = {
  headers: { set: { "x-token": "(set)" } },
  model_rules: [
    { match: "exact", pattern: "a", to: "b" },
    { match: "prefix", pattern: "c", to: "d" },
  ],
};

function open({ stored = options, who = root() } = {}) {
  const seen: Seen = [];
  const tried: unknown[] = [];
  const page = renderPage("/admin/channels/pro-1/options", {
    me: who,
    handlers: [
      takeChanges(seen),
      http.get("/api/admin/channels/pro-1", () =>
        HttpResponse.json(channel({ options: stored as never }), { headers: { etag: '"v1"' } }),
      ),
      http.post("/api/admin/channels/pro-1/shape", async ({ request }) => {
        tried.push(await request.json());
        return HttpResponse.json(shaped);
      }),
      ...channelHandlers(),
    ],
  });
  return { ...page, seen, tried };
}

const save = () => screen.getByRole("button", { name: "Save" });
const run = () => screen.getByRole("button", { name: "Show what becomes of it" });

describe("the options of a channel", () => {
  it("are sent as a whole with what was changed, for the version that was seen", async () => {
    const { user, seen } = open();
    await user.selectOptions(await screen.findByLabelText("Store"), "force_false");
    await user.type(screen.getByLabelText("System prompt"), "Be brief.");
    await user.selectOptions(screen.getByLabelText("When the client sent one"), "prepend");
    await user.type(screen.getByLabelText("These are taken out"), "user{Enter}");
    await user.click(screen.getByLabelText(/Offers the fast lane/));
    await user.click(screen.getByLabelText("Disable after failures"));
    await user.click(save());
    await waitFor(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toEqual({
      ifMatch: '"v1"',
      body: {
        name: "pro-1",
        options: {
          ...options,
          store: "force_false",
          system_prompt: { text: "Be brief.", mode: "prepend" },
          body: { deny: ["user"] },
          fast_mode: false,
          auto_disable: { after: 3 },
        },
      },
    });
  });

  it("have rows that are added, moved and taken away", async () => {
    const { user, seen } = open();
    await user.click(await screen.findByRole("button", { name: "Move c up" }));
    await user.click(screen.getByRole("button", { name: "Remove a" }));
    await user.click(screen.getByRole("button", { name: "Add rule" }));
    // The new row has the focus, and its fields come one after the other.
    expect(screen.getAllByLabelText("Name")[1]).toHaveFocus();
    await user.selectOptions(screen.getAllByLabelText("Name")[1] as HTMLElement, "regex");
    await user.type(screen.getAllByLabelText("Upstream model")[1] as HTMLElement, "^o(.*)$");
    await user.type(screen.getAllByLabelText("Call instead")[1] as HTMLElement, "p$1");
    await user.click(screen.getByRole("button", { name: "Add window" }));
    await user.type(screen.getByLabelText("From"), "22:00");
    await user.type(screen.getByLabelText("To"), "06:30");
    await user.click(screen.getByLabelText("Mon"));
    await user.clear(screen.getByLabelText("Time zone"));
    await user.type(screen.getByLabelText("Time zone"), "Asia/Shanghai");
    await user.click(screen.getByRole("button", { name: "Add status" }));
    await user.type(screen.getByLabelText("Upstream says"), "400");
    await user.type(screen.getByLabelText("Client sees"), "422");
    await user.click(save());
    await waitFor(() => expect(seen).toHaveLength(1));
    expect(seen[0]?.body).toHaveProperty("options", {
      ...options,
      model_rules: [
        { match: "prefix", pattern: "c", to: "d" },
        { match: "regex", pattern: "^o(.*)$", to: "p$1" },
      ],
      hours: { zone: "Asia/Shanghai", windows: [{ days: ["mon"], from: "22:00", to: "06:30" }] },
      status_codes: { "400": 422 },
    });
  });

  it("that are half a JSON are not sent", async () => {
    const { user, seen } = open();
    await user.click(await screen.findByLabelText("Parameters"));
    await user.paste('{"overrides": ');
    expect(screen.getByLabelText("Parameters")).toHaveAccessibleDescription(/This is no JSON/);
    await user.click(save());
    expect(screen.getByText("Parameters: This is no JSON.")).toBeInTheDocument();
    expect(seen).toEqual([]);
  });

  it("that the server refuses say so at their fields, until they are changed", async () => {
    const { user } = open();
    server.use(
      http.put("/api/admin/channels/pro-1", () =>
        problem(422, "invalid", {
          mistakes: [
            "channel `pro-1`: options.model_rules.0.pattern: is empty",
            "channel `pro-1`: options.params.operations.0.value: is missing",
            "channel `pro-1`: options.headers.set.x-token: there is no value to keep: give it",
          ],
        }),
      ),
    );
    await user.click(await screen.findByLabelText("Parameters"));
    await user.paste('{"operations":[{"mode":"set","path":"a"}]}');
    await user.click(save());
    const pattern = screen.getAllByLabelText("Upstream model")[0] as HTMLElement;
    await waitFor(() => expect(pattern).toHaveAccessibleDescription("is empty"));
    expect(pattern).toHaveFocus();
    const params = screen.getByLabelText("Parameters");
    expect(params).toHaveAccessibleDescription(/operations\.0\.value is missing/);
    expect(screen.getByText("there is no value to keep: give it")).toBeInTheDocument();
    expect(screen.getByText(/did not accept this/)).toBeInTheDocument();
    await user.clear(params);
    expect(params).not.toHaveAccessibleDescription(/is missing/);
    expect(pattern).toHaveAccessibleDescription("is empty");
  });

  it("cannot be changed by who may only look", async () => {
    open({ who: me({ role: "admin", permissions: ["operate"] }) });
    expect(await screen.findByLabelText("Store")).toBeDisabled();
    expect(run()).toBeEnabled();
  });
});

describe("the trial of options", () => {
  it("takes what is not saved yet and shows both bodies, the headers and what was at work", async () => {
    const { user, tried, seen } = open();
    await user.selectOptions(await screen.findByLabelText("Store"), "force_false");
    await user.type(screen.getByLabelText(/^Headers of the client/), "x-session-id: 42");
    await user.click(run());
    const result = await screen.findByRole("region", { name: "What becomes of it" });
    await within(result).findByText("POST https://api.openai.com/v1/responses");
    expect(tried[0]).toMatchObject({
      dialect: "responses",
      headers: { "x-session-id": "42" },
      options: { ...options, store: "force_false" },
    });
    expect(JSON.parse((tried[0] as { body: string }).body)).toMatchObject({ model: "gpt-5.2" });
    expect(
      within(result).getByText('"store": true,', { exact: false }).closest("del"),
    ).not.toBeNull();
    expect(
      within(result).getByText('"store": false,', { exact: false }).closest("ins"),
    ).not.toBeNull();
    expect(within(result).getAllByText(/1 line differs/)).toHaveLength(2);
    expect(within(result).getByText("Bearer ***")).toBeInTheDocument();
    expect(within(result).getByText("Store")).toBeInTheDocument();
    expect(result).toHaveFocus();
    expect(seen).toEqual([]);
    await user.selectOptions(screen.getByLabelText("Store"), "drop");
    expect(within(result).getByText(/Something was changed since/)).toBeInTheDocument();
  });

  it("names the model of a Gemini call beside its body", async () => {
    const { user, tried } = open();
    await user.selectOptions(await screen.findByLabelText("Dialect"), "gemini");
    await user.click(run());
    await waitFor(() => expect(tried).toHaveLength(1));
    expect(tried[0]).toMatchObject({ dialect: "gemini", model: "gpt-5.2" });
  });

  it("says what is refused, there and at the field", async () => {
    const { user } = open();
    server.use(
      http.post("/api/admin/channels/pro-1/shape", () =>
        HttpResponse.json({
          headers: [],
          edits: [],
          refused: [{ field: "project", message: "must have 1 to 200 letters" }],
        } satisfies ShapeResult),
      ),
    );
    await user.type(await screen.findByLabelText("Project"), "a b");
    await user.click(run());
    expect(await screen.findByText("The options are refused")).toBeInTheDocument();
    expect(screen.getByLabelText("Project")).toHaveAccessibleDescription(/1 to 200 letters/);
  });

  it("tells which calls would not come, and what the server did not take", async () => {
    const { user } = open();
    server.use(
      http.post("/api/admin/channels/pro-1/shape", () =>
        HttpResponse.json({ ...shaped, excluded: "out_of_hours", edits: [] }),
      ),
    );
    await user.click(await screen.findByRole("button", { name: "Show what becomes of it" }));
    expect(await screen.findByText(/takes no calls at this time/)).toBeInTheDocument();
    expect(screen.getByText("no option")).toBeInTheDocument();
    server.use(
      http.post("/api/admin/channels/pro-1/shape", () =>
        problem(422, "invalid", { mistakes: ["the body is no JSON"] }),
      ),
    );
    await user.click(run());
    expect(await screen.findByText("the body is no JSON")).toBeInTheDocument();
  });

  it("is not asked for with headers or options that cannot be written", async () => {
    const { user, tried } = open();
    await user.type(await screen.findByLabelText(/^Headers of the client/), "nonsense");
    await user.click(run());
    expect(screen.getByText("Correct the headers first.")).toBeInTheDocument();
    await user.clear(screen.getByLabelText(/^Headers of the client/));
    await user.click(screen.getByLabelText("Parameters"));
    await user.paste("{");
    await user.click(run());
    expect(screen.getByText(/Correct the options first/)).toBeInTheDocument();
    expect(tried).toEqual([]);
  });
});
