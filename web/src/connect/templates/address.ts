/** What the address of this server means for clients. */

/** Whether keys sent to this address cross a network unencrypted. */
export function isInsecure(origin: string): boolean {
  const url = parse(origin);
  return url?.protocol === "http:" && !isLoopback(url.hostname);
}

/** Whether only this machine or this network reaches the address: a vendor's servers cannot. */
export function isInternal(origin: string): boolean {
  const host = parse(origin)?.hostname;
  if (host === undefined) return false;
  return (
    isLoopback(host) ||
    /^10\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
      host,
    ) ||
    /^\[f[cd]|^\[fe[89ab]/.test(host) ||
    /\.(?:local|lan|internal|home\.arpa)$/.test(host) ||
    !/[.:]/.test(host)
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}

function parse(origin: string): URL | undefined {
  return URL.canParse(origin) ? new URL(origin) : undefined;
}
