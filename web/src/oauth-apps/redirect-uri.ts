import { isThisComputer } from "@/consent/this-computer";

/** Characters of an address. */
export const longestAddress = 500;
/** Addresses of one app. */
export const mostAddresses = 10;

export type RedirectMistake =
  | "long"
  | "form"
  | "fragment"
  | "credentials"
  | "plain_http"
  | "scheme"
  | "twice";

/** Why no user may be sent to an address, as the server judges it; `undefined`: they may. */
export function redirectMistake(address: string): RedirectMistake | undefined {
  if (address.length > longestAddress) return "long";
  if (!isPlain(address) || !URL.canParse(address)) return "form";
  if (address.includes("#")) return "fragment";
  const { protocol, host, username, password } = new URL(address);
  if (username !== "" || password !== "") return "credentials";
  if (protocol === "https:") return undefined;
  if (protocol === "http:") return isThisComputer(host) ? undefined : "plain_http";
  // A domain backwards is a scheme of a program's own. Others may run what they find, as `javascript:`.
  return protocol.includes(".") ? undefined : "scheme";
}

/** Whether it is an address of https that more can be read at. */
export const isHomepage = (address: string) =>
  isPlain(address) && URL.canParse(address) && new URL(address).protocol === "https:";

/** Where users are told they are sent: the host with its port, or the scheme of a program. */
export function hostOf(address: string): string | undefined {
  if (redirectMistake(address) !== undefined) return undefined;
  const { host, protocol } = new URL(address);
  return host === "" ? protocol.slice(0, -1) : host;
}

/** Whether it is written without blanks and in ASCII: then it is compared as it stands. */
const isPlain = (address: string) => /^[!-~]+$/.test(address);
