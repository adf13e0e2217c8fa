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

/** The media types that every dialect takes. */
export const imageTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;

export const largestImageBytes = 5 * 1024 * 1024;

export type ImageProblem = "type" | "too_large" | "unreadable";

/** A file of a person as data URL. */
export async function imageOf(file: File): Promise<string | ImageProblem> {
  if (!imageTypes.some((type) => type === file.type)) return "type";
  if (file.size > largestImageBytes) return "too_large";
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 0x8000)
      binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return `data:${file.type};base64,${btoa(binary)}`;
  } catch {
    return "unreadable";
  }
}
