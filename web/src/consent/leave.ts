/** Leaves for the app that sent one here. The question stays in no history, so that Back does not ask it again. */
export function leaveFor(address: string): void {
  const { protocol } = new URL(address);
  // The web, or a program by a scheme with a dot in it: a browser runs neither.
  if (!/^https?:$|\./.test(protocol)) throw new Error("no app is at such an address");
  window.location.replace(address);
}
