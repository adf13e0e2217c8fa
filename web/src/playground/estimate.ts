/** What the next request may cost, before it is sent. */

import type { UserModel } from "@/api/types";
import { addUsd, compareUsd } from "@/format/money";
import type { Prompt, SharedParameters, Turn, UserTurn } from "./conversation";
import { priceOf } from "./price";
import type { Thread } from "./thread";
import { pathOf } from "./tree";

export interface Estimate {
  usd: string;
  /** Tokens to be read, of all models together. */
  input: number;
  /** Tokens that may be written at most, of all models together. */
  output: number;
}

/** From here on it is said before sending. */
const worthSaying = "0.10";

/** Long answers, where no bound is set. */
const usualOutput = 4_096;
/** Vendors count 750 to 1,600 for a picture of usual size. */
const tokensOfImage = 1_200;
/** Base64 characters of a PDF for each token: a page has some 2,000 tokens and 60 kB. */
const charactersOfPdfToken = 40;

/** The prompt to every thread. Nothing where it is cheap, or where no price is known. */
export function estimateOf(
  threads: readonly Pick<Thread, "model" | "tree">[],
  parameters: SharedParameters,
  prompt: Prompt,
  models: readonly UserModel[],
): Estimate | undefined {
  const output = (parameters.max_tokens ?? usualOutput) + (parameters.thinking_budget ?? 0);
  const sums = threads.flatMap(({ model, tree }) => {
    const input =
      historyTokens(pathOf(tree), parameters) + promptTokens({ id: "", role: "user", ...prompt });
    const tokens = { input, cache_read: 0, cache_write: 0, output };
    const usd = priceOf(
      tokens,
      models.find(({ name }) => name === model),
    );
    return usd === undefined ? [] : [{ usd, input }];
  });
  const usd = addUsd(...sums.map((one) => one.usd));
  if (sums.length === 0 || compareUsd(usd, worthSaying) <= 0) return undefined;
  return {
    usd,
    input: sums.reduce((sum, one) => sum + one.input, 0),
    output: output * sums.length,
  };
}

/** What the last answer reported stands for all before it; only the rest is guessed. */
function historyTokens(turns: readonly Turn[], { system, tools }: SharedParameters): number {
  const at = turns.findLastIndex((turn) => turn.role === "assistant" && turn.usage);
  const known = turns[at];
  const usage = known?.role === "assistant" ? known.usage : undefined;
  const before = usage
    ? usage.input + usage.cache_read + usage.cache_write + usage.output - usage.reasoning
    : textTokens(system) + textTokens(tools);
  return turns.slice(at + 1).reduce((sum, turn) => sum + turnTokens(turn), before);
}

function turnTokens(turn: Turn): number {
  if (turn.role === "user") return promptTokens(turn);
  if (turn.role === "tool") return textTokens(turn.output);
  return turn.tool_calls.reduce(
    (sum, call) => sum + textTokens(call.arguments),
    textTokens(turn.text),
  );
}

function promptTokens({ text, images, documents = [] }: UserTurn): number {
  return documents.reduce(
    (sum, { url }) => sum + Math.ceil(url.length / charactersOfPdfToken),
    textTokens(text) + images.length * tokensOfImage,
  );
}

/** Four letters of English to a token, one character of Chinese. */
export function textTokens(text: string): number {
  let others = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) others += 1;
  return Math.ceil((text.length - others) / 4) + others;
}
