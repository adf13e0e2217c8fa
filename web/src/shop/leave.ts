/** Leaves for the page of a gateway, which only ever is https. */
export function leaveFor(url: string): void {
  if (!url.startsWith("https://")) throw new Error("the gateway's page is not https");
  window.location.assign(url);
}
