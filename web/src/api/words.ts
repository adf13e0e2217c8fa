/** Words of the API in the order in which they are offered. A word that the server has and that is missing here does not compile. */
import type { ChannelKind, Dialect, LossPolicy } from "./types";

const wordsOf = <Word extends string>(words: Record<Word, true>): readonly Word[] =>
  Object.keys(words) as Word[];

export const dialects = wordsOf<Dialect>({
  responses: true,
  chat: true,
  messages: true,
  gemini: true,
});

export const lossPolicies = wordsOf<LossPolicy>({ warn: true, strict: true, silent: true });

export const channelKinds = wordsOf<ChannelKind>({
  openai: true,
  anthropic: true,
  gemini: true,
  codex: true,
  azure: true,
});
