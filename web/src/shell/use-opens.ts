import { useBootstrap, useMe } from "@/session/use-me";
import { entryOf, isOpenTo } from "./nav";

/** Whether an address leads the reader somewhere: nobody has switched the page off, and it is one they may open. */
export function useOpens(): (address: string) => boolean {
  const me = useMe();
  const site = useBootstrap();
  return (address) => {
    const entry = entryOf(address.replace(/[?#].*$/, ""));
    return entry === undefined || isOpenTo(entry, me, site);
  };
}
