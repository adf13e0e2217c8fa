import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { candidate, considered, decision, trace } from "@/trace/fixtures/base";
import { compareDecisions } from "./compare";
import { routingSearch, type Simulated, type Simulation, simulationOf } from "./simulation";

const lists = [
  http.get("/api/admin/user-groups", () =>
    HttpResponse.json({ items: [{ id: "ug_1", name: "team" }] }),
  ),
  http.get("/api/admin/users", () =>
    HttpResponse.json({ items: [{ id: "us_7", username: "ana" }] }),
  ),
  http.get("/api/admin/api-keys", () =>
    HttpResponse.json({ items: [{ id: "ak_12", name: "laptop", user: "ana" }] }),
  ),
  http.get("/api/admin/models", () =>
    HttpResponse.json({ items: [{ id: "md_1", name: "gpt-5.2" }] }),
  ),
];

/** A server that decides, and what it was asked. */
function decides(answer: (asked: Simulation) => Simulated = () => decision(considered)) {
  const asked: Simulation[] = [];
  const handler = http.post("/api/admin/routing/simulate", async ({ request }) => {
    const simulation = (await request.json()) as Simulation;
    asked.push(simulation);
    return HttpResponse.json(answer(simulation));
  });
  return { asked, handlers: [...lists, handler] };
}

describe("the routing test", () => {
  it("asks what is filled in, shows the decision and keeps the question in the address", async () => {
    const { asked, handlers } = decides();
    const { user, pages } = renderPage("/admin/routing", { me: root(), handlers });
    expect(await screen.findByText("Say who calls what")).toBeVisible();
    expect(screen.getByText(/Nothing is sent upstream/)).toBeVisible();
    await user.type(
      screen.getByLabelText("User group", { selector: "[name]:not([type])" }),
      "team",
    );
    await user.type(screen.getByLabelText("Model"), "gpt-5.2");
    await user.selectOptions(screen.getByLabelText("Dialect"), "messages");
    await user.click(screen.getByRole("button", { name: "Run the test" }));
    expect(await screen.findByText("8 considered, 3 to try")).toBeVisible();
    expect(asked[0]).toEqual({ user_group: "team", model: "gpt-5.2", dialect: "messages" });
    expect(pages.state.location.search).toEqual(asked[0]);
  });

  it("wants to know who calls and what", async () => {
    const { user } = renderPage("/admin/routing", { me: root(), handlers: decides().handlers });
    await user.click(await screen.findByRole("button", { name: "Run the test" }));
    expect(await screen.findByText("2 fields need a look")).toBeVisible();
  });

  it("says beside the field what the server does not know", async () => {
    const { user } = renderPage("/admin/routing", {
      me: root(),
      handlers: [
        ...lists,
        http.post("/api/admin/routing/simulate", () =>
          problem(400, "invalid", {
            fields: [{ pointer: "/user", code: "unknown", detail: "there is no user `x`" }],
          }),
        ),
      ],
    });
    await user.click(await screen.findByRole("radio", { name: "User" }));
    const who = screen.getByLabelText("User", { selector: "[name=user]" });
    await user.type(who, "x");
    await user.type(screen.getByLabelText("Model"), "m");
    await user.click(screen.getByRole("button", { name: "Run the test" }));
    expect(await screen.findByText("This is not known.")).toBeVisible();
    expect(who).toHaveAttribute("aria-invalid", "true");
  });

  it("takes channels for switched off and back", async () => {
    const { asked, handlers } = decides(({ without_channels = [] }) =>
      decision(
        considered.map((one) =>
          without_channels.includes(one.channel ?? "")
            ? candidate({ label: one.label, channel: "pro-1", excluded: "channel_disabled" })
            : one,
        ),
      ),
    );
    const { user, pages } = renderPage(
      "/admin/routing?user=ana&model=gpt-5.2&dialect=responses&seed=9f3c2a71",
      { me: root(), handlers },
    );
    await user.click(await screen.findByRole("checkbox", { name: "pro-1" }));
    expect(await screen.findByText("8 considered, 2 to try")).toBeVisible();
    expect(asked.at(-1)).toMatchObject({ without_channels: ["pro-1"], seed: "9f3c2a71" });
    expect(pages.state.location.search).toMatchObject({ without: "pro-1" });
    await user.click(screen.getByRole("button", { name: "Switch all on again" }));
    expect(await screen.findByText("8 considered, 3 to try")).toBeVisible();
  });

  it("says what the client would be told when nobody can be asked", async () => {
    const refusal = { code: "model_not_found", detail: "There is no such model." };
    const { handlers } = decides(() => ({ ...decision([]), refusal }));
    renderPage("/admin/routing?user=ana&model=nope&dialect=chat", { me: root(), handlers });
    expect(await screen.findByText("The call would be refused")).toBeVisible();
    expect(screen.getByText(/There is no such model./)).toBeVisible();
  });

  it("tells what went wrong", async () => {
    renderPage("/admin/routing?user=ana&model=m", {
      me: root(),
      handlers: [
        ...lists,
        http.post("/api/admin/routing/simulate", () => problem(500, "internal")),
      ],
    });
    expect(await screen.findByRole("button", { name: "Try again" })).toBeVisible();
  });

  it("is not for a plain user", async () => {
    renderPage("/admin/routing", { me: me() });
    expect(await screen.findByText("This is not for your account")).toBeVisible();
  });
});

describe("opened from a request", () => {
  const path = "/admin/routing?api_key=ak_12&model=gpt-5.2&dialect=responses&request=01890a5d";
  const recorded = http.get("/api/admin/usage/01890a5d", () => HttpResponse.json(trace()));

  it("sets then against now, with the seed of then", async () => {
    const rested = considered.map((one) =>
      one.label === "A"
        ? candidate({ label: "A", channel: "pro-1", excluded: "cooling_down" })
        : one,
    );
    const { asked, handlers } = decides(() => decision(rested, { catalog_version: 121 }));
    renderPage(path, { me: root(), handlers: [recorded, ...handlers] });
    const compared = await screen.findByRole("table", { name: "Then and now" });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.seed).toBe("9f3c2a71");
    expect(screen.getByText(/configuration 118 then, 121 now/)).toBeVisible();
    const [, row] = within(compared).getAllByRole("row");
    expect(row).toHaveTextContent("pro-1 · main key");
    expect(row).toHaveTextContent("to be tried as no. 1");
    expect(row).toHaveTextContent("resting");
  });

  it("says so when nothing differs", async () => {
    renderPage(path, { me: root(), handlers: [recorded, ...decides().handlers] });
    expect(await screen.findByText(/all 8 candidates stand where they stood/)).toBeVisible();
  });

  it("answers all the same when the request cannot be read", async () => {
    const gone = http.get("/api/admin/usage/01890a5d", () => problem(404, "not_found"));
    renderPage(path, { me: root(), handlers: [gone, ...decides().handlers] });
    await waitFor(() => expect(screen.getByText(/cannot be read/)).toBeVisible());
    expect(screen.getByText("8 considered, 3 to try")).toBeVisible();
  });
});

it("tells who came and who went", () => {
  const [a, b] = [candidate({ label: "A", place: 0 }), candidate({ label: "B", place: 1 })];
  const c = candidate({ label: "C", place: 1 });
  const { differences, same } = compareDecisions(decision([a, b]), decision([a, c]));
  expect(same).toBe(1);
  expect(differences.map(({ channel, before, after }) => [channel, !!before, !!after])).toEqual([
    ["pro-C", false, true],
    ["pro-B", true, false],
  ]);
});

it("reads the address with care", () => {
  expect(
    routingSearch({ seed: 12, session: "true", dialect: "x", user: "", model: ["m"] }),
  ).toEqual({ seed: "12", session: true });
  expect(simulationOf({ model: "m" })).toBeUndefined();
  expect(simulationOf({ user: "ana", model: "m", without: "a,,b" }, "ff")).toEqual({
    user: "ana",
    model: "m",
    dialect: "responses",
    without_channels: ["a", "b"],
    seed: "ff",
  });
});
