import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { keys, models } from "@/connect/fixtures/account";
import { answerOf, bodiesOf, textOf } from "./fixtures/answers";
import { PlaygroundPage } from "./playground-page";
import { loadKept } from "./store";

/** A page whose model answers `Answer 1`, `Answer 2`, and so on. */
function open() {
  let count = 0;
  const fetcher = vi.fn<typeof fetch>().mockImplementation(async () => {
    count += 1;
    return answerOf(`Answer ${count}`);
  });
  const page = () => (
    <PlaygroundPage origin="https://llm.example.org" models={models} keys={keys} fetch={fetcher} />
  );
  return { fetcher, ...render(page()), page };
}

const composer = () => screen.getAllByRole("textbox", { name: "Message" }).at(-1) as HTMLElement;
const versions = (at = 0) => screen.getAllByRole("group", { name: "Versions" })[at] as HTMLElement;
const idle = () => screen.findByRole("button", { name: "Send" });

async function ask(text: string) {
  await userEvent.type(composer(), `${text}{Enter}`);
  await idle();
}

async function edit(text: string, to: string) {
  const turn = screen.getByText(text).closest("li") as HTMLElement;
  await userEvent.click(within(turn).getByRole("button", { name: "Edit" }));
  const field = within(turn).getByRole("textbox", { name: "Message" });
  await userEvent.clear(field);
  await userEvent.type(field, to);
  await userEvent.click(within(turn).getByRole("button", { name: "Send again from here" }));
  await idle();
}

it("an edited question begins another branch, and the old one stays", async () => {
  const { fetcher } = open();
  await ask("First");
  await ask("Second");
  await edit("First", "Changed");
  // What went out has nothing of what followed.
  expect(bodiesOf(fetcher).map(textOf)).toEqual(["First", "First Answer 1 Second", "Changed"]);
  expect(await screen.findByText("Answer 3")).toBeVisible();
  expect(screen.queryByText("Answer 1")).toBeNull();
  expect(screen.queryByText("Second")).toBeNull();

  expect(versions()).toHaveTextContent("2 / 2");
  await userEvent.click(within(versions()).getByRole("button", { name: "Previous version" }));
  for (const text of ["First", "Answer 1", "Second", "Answer 2"])
    expect(screen.getByText(text)).toBeVisible();
  expect(screen.queryByText("Changed")).toBeNull();
  expect(fetcher).toHaveBeenCalledTimes(3);
});

it("an edit can be given up without a request", async () => {
  const { fetcher } = open();
  await ask("First");
  await userEvent.click(screen.getByRole("button", { name: "Edit" }));
  await userEvent.type(screen.getAllByRole("textbox", { name: "Message" })[0] as HTMLElement, "x");
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.getByText("First")).toBeVisible();
  expect(screen.queryByRole("group", { name: "Versions" })).toBeNull();
  expect(fetcher).toHaveBeenCalledTimes(1);
});

it("an answer has versions, round which the arrows go, and each leads on by itself", async () => {
  const { fetcher } = open();
  await ask("First");
  for (let more = 0; more < 2; more += 1) {
    await userEvent.click(screen.getByRole("button", { name: "Answer again" }));
    await idle();
  }
  expect(versions()).toHaveTextContent("3 / 3");
  const next = within(versions()).getByRole("button", { name: "Next version" });
  next.focus();
  await userEvent.keyboard("{Enter}");
  expect(versions()).toHaveTextContent("1 / 3");
  expect(screen.getByText("Answer 1")).toBeVisible();
  // Still the same button: one can go on pressing it.
  expect(next).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  expect(screen.getByText("Answer 2")).toBeVisible();

  await ask("Further");
  expect(textOf(bodiesOf(fetcher).at(-1))).toBe("First Answer 2 Further");
  await userEvent.click(within(versions()).getByRole("button", { name: "Previous version" }));
  expect(screen.queryByText("Further")).toBeNull();
  await userEvent.click(within(versions()).getByRole("button", { name: "Next version" }));
  expect(screen.getByText("Further")).toBeVisible();
});

it("an answer in the middle can be asked for again", async () => {
  const { fetcher } = open();
  await ask("First");
  await ask("Second");
  await userEvent.click(screen.getAllByRole("button", { name: "Answer again" })[0] as HTMLElement);
  await idle();
  expect(textOf(bodiesOf(fetcher).at(-1))).toBe("First");
  expect(screen.queryByText("Second")).toBeNull();
  expect(versions()).toHaveTextContent("2 / 2");
});

it("versions outlive the page", async () => {
  const { unmount, page } = open();
  await ask("First");
  await edit("First", "Changed");
  await waitFor(() => expect(loadKept(localStorage)?.threads[0]?.tree.all).toHaveLength(4));
  unmount();
  render(page());
  expect(screen.getByText("Changed")).toBeVisible();
  await userEvent.click(within(versions()).getByRole("button", { name: "Previous version" }));
  expect(screen.getByText("Answer 1")).toBeVisible();
  await waitFor(() => {
    const tree = loadKept(localStorage)?.threads[0]?.tree;
    expect(tree?.chosen[""]).toBe(tree?.all[0]?.turn.id);
  });
});
