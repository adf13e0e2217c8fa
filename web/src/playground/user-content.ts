/** What a person said, in the words of each dialect: attachments first, then the text. */

import type { UserTurn } from "./conversation";
import { type Attachment, readDataUrl } from "./data-url";

export function responsesContent(turn: UserTurn): unknown[] {
  return [
    ...turn.images.map((image_url) => ({ type: "input_image", image_url })),
    ...documentsOf(turn).map(({ name, url }) => ({
      type: "input_file",
      filename: name,
      file_data: url,
    })),
    ...textOf(turn, (text) => ({ type: "input_text", text })),
  ];
}

export function chatContent(turn: UserTurn): unknown {
  const documents = documentsOf(turn);
  if (turn.images.length === 0 && documents.length === 0) return turn.text;
  return [
    ...turn.images.map((url) => ({ type: "image_url", image_url: { url } })),
    ...documents.map(({ name, url }) => ({
      type: "file",
      file: { filename: name, file_data: url },
    })),
    ...textOf(turn, (text) => ({ type: "text", text })),
  ];
}

export function messagesContent(turn: UserTurn): unknown[] {
  const source = ({ type, data }: Attachment) => ({ type: "base64", media_type: type, data });
  return [
    ...turn.images.flatMap(attachmentOf).map((image) => ({ type: "image", source: source(image) })),
    ...documentsOf(turn).flatMap(({ name, url }) =>
      attachmentOf(url).map((file) => ({ type: "document", title: name, source: source(file) })),
    ),
    ...textOf(turn, (text) => ({ type: "text", text })),
  ];
}

export function geminiContent(turn: UserTurn): unknown[] {
  const urls = [...turn.images, ...documentsOf(turn).map(({ url }) => url)];
  return [
    ...urls
      .flatMap(attachmentOf)
      .map(({ type, data }) => ({ inlineData: { mimeType: type, data } })),
    ...textOf(turn, (text) => ({ text })),
  ];
}

/** An attachment may speak for itself: vendors refuse an empty text. */
const textOf = ({ text }: UserTurn, write: (text: string) => unknown) =>
  text === "" ? [] : [write(text)];

/** Those that are still there. */
const documentsOf = ({ documents = [] }: UserTurn) => documents.filter(({ url }) => url !== "");

function attachmentOf(url: string): Attachment[] {
  const found = readDataUrl(url);
  return found ? [found] : [];
}
