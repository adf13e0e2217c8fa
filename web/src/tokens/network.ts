/** Networks as the server takes them: an address and the length of its mask. */

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const four = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** How many bits an address has; nothing where it is none. */
function bitsOf(address: string): 32 | 128 | undefined {
  if (four.test(address)) return 32;
  const isSix = /^[0-9a-f:.]+$/i.test(address) && URL.canParse(`http://[${address}]/`);
  return isSix ? 128 : undefined;
}

/** A single address as the network of itself; anything else stays. */
export function tidyNetwork(text: string): string {
  const bits = bitsOf(text);
  return bits === undefined ? text : `${text}/${bits}`;
}

export function isNetwork(text: string): boolean {
  const [, address = "", length = ""] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const bits = bitsOf(address);
  return bits !== undefined && Number(length) <= bits;
}
