import { expect, it } from "vitest";

import { models } from "@/connect/fixtures/account";
import { conversation } from "./fixtures/conversation";
import { anotherThread, firstThreads, mostThreads } from "./thread";
import { pathOf, treeOf } from "./tree";

const [kept] = conversation.threads;
if (!kept) throw new Error("there is a thread");

it("takes up what was kept, with models that are still there", () => {
  const threads = [kept, { ...kept, id: "2", model: "gone" }];
  expect(firstThreads(models, undefined, threads).map(({ model }) => model)).toEqual([
    "gpt-5.2",
    "gpt-5.2",
  ]);
  const [first] = firstThreads(models, "gemini-3-pro", threads);
  expect(first).toMatchObject({ model: "gemini-3-pro", dialect: "gemini", tree: kept.tree });
  expect(firstThreads([], undefined)).toMatchObject([{ model: "" }]);
});

it("adds models that are not there yet, and no more than fit", () => {
  let threads = firstThreads(models, undefined, [kept]);
  for (let id = 2; id <= mostThreads; id += 1) {
    const more = anotherThread(threads, models, String(id));
    if (!more) throw new Error("there is room");
    threads = [...threads, more];
  }
  expect(threads.map(({ model, dialect }) => [model, dialect])).toEqual([
    ["gpt-5.2", "responses"],
    ["gpt-5.2-mini", "responses"],
    ["claude-sonnet-4-5", "messages"],
  ]);
  expect(anotherThread(threads, models, "9")).toBeUndefined();
});

it("gives the seals of one vendor to no other", () => {
  const signed = treeOf([
    {
      id: "1",
      role: "assistant",
      text: "Hi",
      thinking: "Hm.",
      thinking_signature: "seal",
      tool_calls: [{ id: "c", name: "f", arguments: "{}", signature: "seal" }],
    },
  ]);
  const more = anotherThread(
    firstThreads(models, undefined, [{ ...kept, tree: signed }]),
    models,
    "2",
  );
  expect(more && pathOf(more.tree)).toMatchObject([{ text: "Hi", thinking: "Hm." }]);
  expect(JSON.stringify(more)).not.toContain("seal");
});
