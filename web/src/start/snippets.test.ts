import { describe, expect, it } from "vitest";

import { clients, isInsecure, keyPlaceholder, snippetsFor } from "./snippets";

const origin = "https://llm.example.org";

describe("what to copy for a client", () => {
  it.each(clients)("%s", (client) => {
    expect(snippetsFor(client, origin)).toMatchSnapshot();
  });

  it.each(clients)("%s gets this server's address and a place for the key", (client) => {
    const text = snippetsFor(client, origin)
      .map((snippet) => snippet.text)
      .join("");
    expect(text).toContain(origin);
    expect(text).toContain(keyPlaceholder);
  });

  it("puts Codex's own settings above the first table, where TOML keeps them apart", () => {
    const text = snippetsFor("codex", origin)[0]?.text ?? "";
    expect(text.indexOf("model_provider")).toBeLessThan(text.indexOf("["));
  });
});

describe("an address is insecure", () => {
  it.each([
    ["http://llm.example.org", true],
    ["http://192.168.1.9:8080", true],
    ["https://llm.example.org", false],
    ["http://127.0.0.1:8080", false],
    ["http://localhost:8080", false],
    ["http://[::1]:8080", false],
  ])("%s: %s", (address, insecure) => {
    expect(isInsecure(address)).toBe(insecure);
  });
});
