/** Whether a host, its port included or not, is the computer that asks: then a program on it takes the answer. */
export function isThisComputer(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || name === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(name);
}
