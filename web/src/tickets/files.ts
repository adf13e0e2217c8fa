/** Files of tickets: which are taken, and how they come and go. */
import { addressOf, api, path, send } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { TicketFileView } from "@/api/types";
import type { Side } from "./queries";

/** With one message. */
export const mostFiles = 10;
export const mostBytes = 10 * 1024 * 1024;

/** The kinds that are taken: pictures, then a document, then text. */
export const endings: readonly string[] = [
  "png",
  "jpg",
  "jpeg",
  "gif",
  "webp",
  "pdf",
  "txt",
  "log",
  "md",
  "csv",
  "json",
  "toml",
  "yaml",
  "yml",
];

const longestName = 150;

/** Why a file is not taken, in the words of the server. */
const mistakes = ["name", "empty", "too_large", "kind", "content"] as const;
export type FileMistake = (typeof mistakes)[number];

/** What is surely wrong with a file, seen before it is sent. What is in it, the server looks at. */
export function mistakeOf({ name, size }: Pick<File, "name" | "size">): FileMistake | undefined {
  const dot = name.lastIndexOf(".");
  const isSound =
    dot >= 0 &&
    name.trim() === name &&
    [...name].length <= longestName &&
    !/[\p{Cc}/\\]/u.test(name) &&
    !/^\.*$/.test(name.slice(0, dot));
  if (!isSound) return "name";
  if (size === 0) return "empty";
  if (size > mostBytes) return "too_large";
  const ending = name.slice(dot + 1).toLowerCase();
  return endings.includes(ending) ? undefined : "kind";
}

/** Why the server did not take a file, where it has a word for it; `full`: there is no room for more. */
export function refusalOf(error: unknown): FileMistake | "full" | undefined {
  const { code, fields } = asProblem(error);
  const [field] = fields.filter(({ pointer }) => pointer === "/file");
  const mistake = mistakes.find((one) => one === field?.code);
  return mistake ?? (code === "too_large" ? "full" : undefined);
}

/** A slow line takes its time for ten megabytes. */
const sendingMs = 10 * 60_000;

/** Sends a file, to be named by a message within the hour. */
export async function sendFile(file: File, signal: AbortSignal): Promise<TicketFileView> {
  const request = new Request(addressOf("/api/ticket-files", { name: file.name }), {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: await file.arrayBuffer(),
    signal,
  });
  const answer = await send(request, sendingMs);
  return (await answer.json()) as TicketFileView;
}

/** What is in a file. A plain link would not say for whom it asks, and be refused. */
export async function fetchFile(side: Side, id: string): Promise<Blob> {
  const address =
    side === "mine" ? path`/api/ticket-files/${id}` : path`/api/admin/ticket-files/${id}`;
  const answer = await api.raw("GET", address, undefined);
  return answer.blob();
}
