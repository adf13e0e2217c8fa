import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { keys, models as some } from "@/connect/fixtures/account";
import { textAt } from "./event";
import { answerOf, bodiesOf, slowAnswer, textOf } from "./fixtures/answers";
import { PlaygroundPage } from "./playground-page";
import { loadKept } from "./store";

/** Three models that speak one dialect. */
const models = ["one", "two", "three"].map((name) => ({
  name,
  owner: "o",
  dialects: ["responses" as const],
  multiplier: "1",
  channel_groups: ["pro"],
  input_usd: "1",
  output_usd: "10",
}));

type Answers = Record<string, (init: RequestInit | undefined) => Response | Promise<Response>>;

/** A page on which the models answer as told. */
function open(answers: Answers, costs?: ReadonlyMap<string, string>) {
  const fetcher = vi.fn<typeof fetch>().mockImplementation(async (_url, init) => {
    const name = textAt(JSON.parse(String(init?.body)), "model") ?? "";
    const answer = answers[name];
    if (!answer) throw new Error(`nobody answers for ${name}`);
    return answer(init);
  });
  const page = (more?: ReadonlyMap<string, string>) => (
    <PlaygroundPage
      origin="https://llm.example.org"
      models={models}
      keys={keys}
      fetch={fetcher}
      {...(more && { costs: more })}
    />
  );
  return { fetcher, page, ...render(page(costs)) };
}

const column = (name: string) => screen.getByRole("region", { name });
const add = () =>
  userEvent.click(
    screen.getAllByRole("button", { name: "Add a model to compare" })[0] as HTMLElement,
  );
const ask = (text: string) =>
  userEvent.type(screen.getByRole("textbox", { name: "Message" }), `${text}{Enter}`);
const said = (text: string) => async () => answerOf(text);

async function compare(count: number) {
  for (let more = 1; more < count; more += 1) await add();
}

it("asks up to three models the same, each in its own column", async () => {
  const { fetcher } = open({
    one: async () => answerOf("From one", "req-1"),
    two: async () => answerOf("From two", "req-2"),
    three: async () => answerOf("From three", "req-3"),
  });
  await compare(3);
  expect(screen.queryByRole("button", { name: "Add a model to compare" })).toBeNull();
  await ask("Hello");
  for (const [at, name] of ["one", "two", "three"].entries()) {
    const here = within(column(name));
    expect(await here.findByText(`From ${name}`)).toBeInTheDocument();
    expect(here.getByText(/first word after/)).toBeInTheDocument();
    // 1,000 × $1 + 100 × $10, each per million.
    expect(await here.findByText("about $0.002000")).toBeInTheDocument();
    expect(here.getByRole("link", { name: "Show how it went" })).toHaveAttribute(
      "href",
      `/usage?req=req-${at + 1}`,
    );
  }
  expect(bodiesOf(fetcher).map((body) => [textAt(body, "model"), textOf(body)])).toEqual([
    ["one", "Hello"],
    ["two", "Hello"],
    ["three", "Hello"],
  ]);
});

it("a column that fails says why, and the others go on", async () => {
  let slow: ReturnType<typeof slowAnswer> | undefined;
  open({
    one: () =>
      Response.json(
        { error: { message: "Slow down.", code: "rate_limit_exceeded" } },
        { status: 429, headers: { "x-request-id": "req-failed" } },
      ),
    two: (init) => {
      slow = slowAnswer(init?.signal, "req-slow");
      return slow.response;
    },
    three: () => Promise.reject(new TypeError("Failed to fetch")),
  });
  await compare(3);
  await ask("Hello");
  const failed = within(await within(column("one")).findByRole("alert"));
  expect(failed.getByText("The request failed with 429")).toBeInTheDocument();
  expect(failed.getByText(/Slow down\./)).toBeInTheDocument();
  expect(failed.getByText("Wait a moment, then let it answer again.")).toBeInTheDocument();
  expect(within(column("one")).getByRole("link", { name: "Show how it went" })).toHaveAttribute(
    "href",
    "/usage?req=req-failed",
  );
  expect(await within(column("three")).findByRole("alert")).toHaveTextContent(
    "could not be reached",
  );

  // The second one had not even begun when they failed.
  await act(async () => slow?.say("Still "));
  await act(async () => slow?.say("here"));
  await act(async () => slow?.end());
  expect(await within(column("two")).findByText("Still here")).toBeInTheDocument();
  expect(within(column("two")).queryByRole("alert")).toBeNull();
  await waitFor(() =>
    expect(loadKept(localStorage)?.threads.map(({ tree }) => tree.all.length)).toEqual([2, 2, 2]),
  );
});

it("a column answers again by itself", async () => {
  let isWell = false;
  const { fetcher } = open({
    one: async () =>
      isWell
        ? answerOf("Well again")
        : Response.json({ error: { message: "No" } }, { status: 503 }),
    two: said("From two"),
  });
  await compare(2);
  await ask("Hello");
  await within(column("one")).findByRole("alert");
  isWell = true;
  await userEvent.click(within(column("one")).getByRole("button", { name: "Answer again" }));
  expect(await within(column("one")).findByText("Well again")).toBeInTheDocument();
  expect(within(column("two")).queryByRole("group", { name: "Versions" })).toBeNull();
  expect(fetcher).toHaveBeenCalledTimes(3);
});

it("one column stops, or all of them", async () => {
  const slow: Record<string, ReturnType<typeof slowAnswer>> = {};
  const slowly = (name: string) => (init: RequestInit | undefined) => {
    const answer = slowAnswer(init?.signal, name);
    slow[name] = answer;
    return answer.response;
  };
  open({ one: slowly("one"), two: slowly("two"), three: slowly("three") });
  await compare(3);
  await ask("Hello");
  await userEvent.click(await screen.findByRole("button", { name: "Stop two" }));
  expect(await within(column("two")).findByText("Stopped")).toBeInTheDocument();
  expect(within(column("two")).getByText("stopped")).toBeInTheDocument();
  expect(within(column("one")).getByText("answering")).toBeInTheDocument();
  await act(async () => slow.one?.say("Going on"));
  expect(await within(column("one")).findByText("Going on")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Stop all" }));
  for (const name of ["one", "three"])
    expect(await within(column(name)).findByText("Stopped")).toBeInTheDocument();
  expect(within(column("one")).getByText("Going on")).toBeInTheDocument();
  expect(await screen.findByRole("button", { name: "Send to all" })).toBeVisible();
});

it("an edited prompt goes to all, and its versions move together", async () => {
  const { fetcher } = open({ one: said("From one"), two: said("From two") });
  await compare(2);
  await ask("Hello");
  await screen.findByRole("button", { name: "Send to all" });
  const here = within(column("one"));
  await userEvent.click(here.getByRole("button", { name: "Edit" }));
  await userEvent.type(here.getByRole("textbox", { name: "Message" }), " again");
  await userEvent.click(here.getByRole("button", { name: "Send again from here" }));
  expect(await within(column("two")).findByText("Hello again")).toBeInTheDocument();
  await waitFor(() => expect(fetcher).toHaveBeenCalledTimes(4));
  await screen.findByRole("button", { name: "Send to all" });
  await userEvent.click(here.getByRole("button", { name: "Previous version" }));
  for (const name of ["one", "two"])
    expect(within(column(name)).getByText("Hello")).toBeInTheDocument();
});

it("a model that comes later begins with the same conversation", async () => {
  const { fetcher } = open({ one: said("From one"), two: said("From two") });
  await ask("Hello");
  await screen.findByRole("button", { name: "Send" });
  await add();
  expect(within(column("two")).getByText("From one")).toBeInTheDocument();
  await ask("Further");
  await waitFor(() => expect(fetcher).toHaveBeenCalledTimes(3));
  expect(bodiesOf(fetcher).slice(1).map(textOf)).toEqual([
    "Hello From one Further",
    "Hello From one Further",
  ]);
});

it("a column goes away after asking, its request is stopped, and the rest stays", async () => {
  let signal: AbortSignal | null | undefined;
  open({
    one: said("From one"),
    two: (init) => {
      signal = init?.signal;
      return slowAnswer(signal, "req").response;
    },
  });
  await compare(2);
  await ask("Hello");
  await within(column("one")).findByText("From one");
  await userEvent.click(within(column("two")).getByRole("button", { name: "Remove two" }));
  await userEvent.click(
    within(await screen.findByRole("dialog")).getByRole("button", { name: "Remove" }),
  );
  expect(screen.queryByRole("region", { name: "two" })).toBeNull();
  expect(signal?.aborted).toBe(true);
  expect(screen.getByText("From one")).toBeVisible();
  expect(await screen.findByRole("button", { name: "Send" })).toBeVisible();
});

it("shows what was recorded as soon as it is told", async () => {
  const { rerender, page } = open({
    one: async () => answerOf("From one", "req-1"),
    two: async () => answerOf("From two", "req-2"),
  });
  await compare(2);
  await ask("Hello");
  await within(column("two")).findByText("about $0.002000");
  rerender(page(new Map([["req-2", "0.0123"]])));
  expect(await within(column("two")).findByText("cost $0.0123")).toBeInTheDocument();
  expect(within(column("two")).queryByText(/about/)).toBeNull();
  expect(within(column("one")).getByText("about $0.002000")).toBeInTheDocument();
});

it("the raw events and the code are those of the model that is chosen", async () => {
  open({ one: said("From one"), two: said("From two") });
  await compare(2);
  await ask("Hello");
  await screen.findByRole("button", { name: "Send to all" });
  await userEvent.click(screen.getByRole("tab", { name: "Raw" }));
  expect(screen.getByText(/"model": "one"/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole("radio", { name: "two" }));
  expect(screen.getByText(/"model": "two"/)).toBeInTheDocument();
  expect(screen.getByText(/From two/)).toBeInTheDocument();
});

it("warns before a prompt that would cost more than ten cents with all of them", async () => {
  open({});
  const text = "x".repeat(300_000);
  await userEvent.click(screen.getByRole("textbox", { name: "Message" }));
  await userEvent.paste(text.slice(0, 200_000));
  expect(screen.queryByText(/Sending this may cost/)).toBeNull();
  await add();
  expect(screen.getByText(/Sending this may cost up to about \$0\.1819/)).toBeVisible();
});

it("calls the same model by its dialect too, where it is there twice", async () => {
  render(
    <PlaygroundPage
      origin="https://llm.example.org"
      models={some.slice(0, 1)}
      keys={keys}
      fetch={vi.fn<typeof fetch>()}
    />,
  );
  await add();
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Dialect 2" }), "chat");
  expect(column("gpt-5.2 · Responses")).toBeInTheDocument();
  expect(column("gpt-5.2 · Chat Completions")).toBeInTheDocument();
});
