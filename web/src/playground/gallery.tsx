import { useState } from "react";

import { keys, models } from "@/connect/fixtures/account";
import { conversation } from "./fixtures/conversation";
import { answering } from "./fixtures/server";
import { PlaygroundPage } from "./playground-page";

/** The playground with a conversation, against a server that answers by itself. */
export default function PlaygroundGallery() {
  const [storage] = useState(memory);
  return (
    <PlaygroundPage
      origin="https://llm.example.org"
      models={models}
      keys={keys}
      fetch={answering}
      storage={storage}
    />
  );
}

/** A storage that forgets with the page. */
function memory(): Storage {
  const kept = new Map([["playground", JSON.stringify({ version: 2, kept: conversation })]]);
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (name) => kept.get(name) ?? null,
    key: (at) => [...kept.keys()][at] ?? null,
    removeItem: (name) => kept.delete(name),
    setItem: (name, value) => kept.set(name, value),
  };
}
