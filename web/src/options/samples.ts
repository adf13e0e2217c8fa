/** A request to try options on, for each dialect, and its headers as lines of text. */
import type { Dialect } from "@/api/types";

const bodies: Record<Dialect, (model: string) => object> = {
  responses: (model) => ({ model, input: "Say hello.", store: true, stream: true }),
  chat: (model) => ({
    model,
    messages: [{ role: "user", content: "Say hello." }],
    temperature: 0.7,
    stream: true,
  }),
  messages: (model) => ({
    model,
    max_tokens: 256,
    messages: [{ role: "user", content: "Say hello." }],
    stream: true,
  }),
  gemini: () => ({
    contents: [{ role: "user", parts: [{ text: "Say hello." }] }],
    generationConfig: { maxOutputTokens: 256 },
  }),
};

export const sampleOf = (dialect: Dialect, model: string): string =>
  JSON.stringify(bodies[dialect](model), null, 2);

/** The first line that is no `name: value`, or the headers. */
export function headersOf(text: string): { headers: Record<string, string> } | { wrong: string } {
  const headers: Record<string, string> = {};
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return { wrong: line.trim() };
    headers[name] = value;
  }
  return { headers };
}
