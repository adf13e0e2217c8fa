/** A proxy as a form holds it. The server shows one with `***` in place of its login, and takes that back for the same. */
export interface ProxyDraft {
  /** As it is shown. */
  readonly proxy: string;
  /** A new login, `user:password`; left out: the one there is, if there is one. */
  readonly login?: string | undefined;
}

const form = /^(https?|socks5h?):\/\/(?:([^\s/@]*)@)?([^\s/@]+)\/?$/i;
const masked = "***";

/** What is wrong with it, or nothing. */
export function proxyMistake(
  { proxy, login }: ProxyDraft,
  before: string | undefined,
): "form" | "moved" | "login" | undefined {
  const text = proxy.trim();
  if (text === "") return undefined;
  const parts = form.exec(text);
  if (!parts) return "form";
  if (login !== undefined && !/^[^:]+:/.test(login)) return "login";
  const keeps = parts[2] === masked && login === undefined;
  return keeps && place(text) !== place(before ?? "") ? "moved" : undefined;
}

/** As the server takes it, with the new login in it. */
export function proxyText({ proxy, login }: ProxyDraft): string {
  const text = proxy.trim();
  const parts = form.exec(text);
  if (!parts || login === undefined) return text;
  const [user = "", ...password] = login.split(":");
  const coded = [user, password.join(":")].map(encodeURIComponent).join(":");
  return `${parts[1]}://${coded}@${parts[3]}`;
}

/** Whether a login is kept for it. */
export const hasLogin = (proxy: string) => form.exec(proxy.trim())?.[2] === masked;

const place = (text: string) => {
  const parts = form.exec(text.trim());
  return parts && `${parts[1]}://${parts[3]}`.toLowerCase();
};
