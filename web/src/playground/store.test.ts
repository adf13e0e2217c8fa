import { describe, expect, it } from "vitest";

import type { SharedParameters, Turn } from "./conversation";
import { conversationJson, markdownOf } from "./export-conversation";
import { conversation } from "./fixtures/conversation";
import { forgetKept, type Kept, loadKept, saveKept } from "./store";
import { append, pathOf, start, treeOf } from "./tree";

const parameters: SharedParameters = { system: "Be terse.", tools: "", stream: true };

const asked = (id: string, over: Partial<Turn> = {}) =>
  ({ id, role: "user", text: "Hi", images: [], ...over }) as Turn;

const keptOf = (turns: readonly Turn[]): Kept => ({
  parameters,
  threads: [{ id: "1", model: "m", dialect: "chat", tree: treeOf(turns) }],
});

const idsOf = (kept: Kept | undefined) =>
  kept?.threads.map(({ tree }) => pathOf(tree).map(({ id }) => id));

describe("what is kept", () => {
  it("comes back, and can be forgotten", () => {
    saveKept(localStorage, conversation);
    expect(loadKept(localStorage)).toEqual(conversation);
    forgetKept(localStorage);
    expect(loadKept(localStorage)).toBeUndefined();
  });

  it("comes back from before there were versions", () => {
    const turns = [asked("1"), asked("2")];
    const kept = { parameters: { ...parameters, model: "m", dialect: "chat" }, turns };
    localStorage.setItem("playground", JSON.stringify({ version: 1, kept }));
    expect(loadKept(localStorage)).toEqual(keptOf(turns));
  });

  it("of a version to come, or broken, is left alone", () => {
    localStorage.setItem("playground", "{");
    expect(loadKept(localStorage)).toBeUndefined();
    localStorage.setItem("playground", '{"version":3}');
    expect(loadKept(localStorage)).toBeUndefined();
  });

  it("gives up attachments first, but not their names", () => {
    const url = `data:application/pdf;base64,${"A".repeat(900_000)}`;
    const large = asked("1", { images: [url], documents: [{ name: "plan.pdf", url }] });
    saveKept(localStorage, keptOf([large, asked("2")]));
    const kept = loadKept(localStorage);
    expect(idsOf(kept)).toEqual([["1", "2"]]);
    expect(kept?.threads[0]?.tree.all[0]?.turn).toMatchObject({
      images: [],
      documents: [{ name: "plan.pdf", url: "" }],
    });
  });

  it("then gives up versions that are not shown, then what is oldest, in every thread", () => {
    const long = "x".repeat(400_000);
    const tree = append(treeOf([asked("1", { text: long })]), start, [asked("2", { text: long })]);
    const [thread] = keptOf([]).threads;
    if (!thread) throw new Error("there is a thread");
    saveKept(localStorage, {
      parameters,
      threads: [
        { ...thread, tree },
        { ...thread, id: "2", tree },
      ],
    });
    const kept = loadKept(localStorage);
    expect(idsOf(kept)).toEqual([["2"], ["2"]]);
    expect(kept?.threads.map((one) => one.tree.all.length)).toEqual([1, 1]);

    const longer = [asked("a", { text: long + long }), asked("b", { text: long }), asked("c")];
    saveKept(localStorage, keptOf(longer));
    expect(idsOf(loadKept(localStorage))).toEqual([["b", "c"]]);
  });

  it("is nothing of the conversation where one turn alone is too large", () => {
    saveKept(localStorage, keptOf([asked("1")]));
    saveKept(localStorage, keptOf([asked("2", { text: "x".repeat(1_100_000) })]));
    expect(idsOf(loadKept(localStorage))).toEqual([[]]);
  });
});

describe("a file", () => {
  it("of Markdown has what is shown", () => {
    const text = markdownOf(conversation, (role) => role.toUpperCase());
    expect(text).toContain("## USER\n\nWhat is the weather like");
    expect(text).toContain("> The picture shows Vienna.");
    expect(text).not.toContain("# gpt-5.2\n");
  });

  it("of Markdown names the models of a comparison", () => {
    const [thread] = conversation.threads;
    if (!thread) throw new Error("there is a thread");
    const text = markdownOf({ threads: [thread, { ...thread, model: "other" }] }, (role) => role);
    expect(text).toMatch(/^# gpt-5\.2\n[\s\S]+\n# other\n/);
  });

  it("of JSON has every version and no key", () => {
    const text = conversationJson(conversation);
    expect(JSON.parse(text)).toEqual({
      parameters: conversation.parameters,
      threads: conversation.threads,
    });
    expect(text).not.toContain("ak_1");
  });
});
