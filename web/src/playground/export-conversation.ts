/** A conversation as a file. */

import { prettyJson } from "@/connect/templates/quote";
import type { Turn } from "./conversation";
import type { Kept } from "./store";
import { pathOf } from "./tree";

/** The heading of each kind of turn. */
export type NameOf = (role: Turn["role"] | "thinking" | "call") => string;

/** What is shown, to be read; each model below its name where there are several. */
export function markdownOf({ threads }: Pick<Kept, "threads">, name: NameOf): string {
  const parts = threads.flatMap(({ model, tree }) => [
    ...(threads.length > 1 ? [`# ${model}`] : []),
    ...pathOf(tree).flatMap((turn) => turnParts(turn, name)),
  ]);
  return `${parts.join("\n\n")}\n`;
}

function turnParts(turn: Turn, name: NameOf): string[] {
  if (turn.role === "user") {
    const files = turn.documents?.map((document) => `- ${document.name}`).join("\n");
    return [`## ${name("user")}`, ...(files ? [files] : []), ...(turn.text ? [turn.text] : [])];
  }
  if (turn.role === "tool") return [`## ${name("tool")} ${turn.name}`, fenced(turn.output)];
  return [
    `## ${name("assistant")}${turn.model ? ` (${turn.model})` : ""}`,
    ...(turn.thinking ? [`> ${name("thinking")}\n>\n${turn.thinking.replace(/^/gm, "> ")}`] : []),
    ...(turn.text ? [turn.text] : []),
    ...turn.tool_calls.map((call) => `${name("call")} ${call.name}\n\n${fenced(call.arguments)}`),
    ...(turn.error ? [`> ${turn.error.message}`] : []),
  ];
}

/** A block whose fence is longer than any inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** Everything, with the versions that are not shown; which key was used is nobody's business. */
export function conversationJson({ parameters, threads }: Kept): string {
  return prettyJson({ parameters, threads });
}
