/** Files as data URLs, and what is inside them. */

export interface Attachment {
  /** The media type. */
  type: string;
  /** Base64. */
  data: string;
}

export function readDataUrl(url: string): Attachment | undefined {
  const match = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64,([A-Za-z0-9+/=]*)$/.exec(url);
  const [, type, data] = match ?? [];
  return type === undefined || data === undefined ? undefined : { type, data };
}

/** The media types of pictures that every dialect takes. */
const imageTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const pdfType = "application/pdf";

/** What can be attached. */
export const attachableTypes = [...imageTypes, pdfType] as const;

const largestImageBytes = 5 * 1024 * 1024;
/** In Base64 it must fit into a body, which the server bounds at 32 MB at first. */
const largestPdfBytes = 10 * 1024 * 1024;

export type AttachProblem = "type" | "image_too_large" | "pdf_too_large" | "unreadable";

export type Attached = { kind: "image" | "pdf"; name: string; url: string };

/** A file of a person as data URL. */
export async function attach(file: File): Promise<Attached | AttachProblem> {
  const kind = file.type === pdfType ? "pdf" : "image";
  if (kind === "image" && !imageTypes.includes(file.type)) return "type";
  if (file.size > (kind === "pdf" ? largestPdfBytes : largestImageBytes))
    return `${kind}_too_large`;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 0x8000)
      binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return { kind, name: file.name, url: `data:${file.type};base64,${btoa(binary)}` };
  } catch {
    return "unreadable";
  }
}
