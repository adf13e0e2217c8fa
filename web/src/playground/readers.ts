/** How answers are read in each of the four dialects. */

import type { Dialect } from "@/api/types";
import type { Reader } from "./event";
import { readChat } from "./read-chat";
import { readGemini } from "./read-gemini";
import { readMessages } from "./read-messages";
import { readResponses } from "./read-responses";

const readers: Record<Dialect, () => Reader> = {
  responses: readResponses,
  chat: readChat,
  messages: readMessages,
  gemini: readGemini,
};

/** A reader for one answer. */
export function readerOf(dialect: Dialect): Reader {
  return readers[dialect]();
}
