import { useRouter } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent } from "react";

/** A link within the console: the page stays loaded. A press with a modifier opens it as the browser does. */
export function AppLink({ href, onClick, ...rest }: ComponentProps<"a"> & { href: string }) {
  const router = useRouter({ warn: false });
  function go(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event);
    const plain =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain || router === null || router === undefined) return;
    event.preventDefault();
    router.history.push(href);
  }
  return <a href={href} onClick={go} {...rest} />;
}

/** How a link in running text looks. */
export const linkLook =
  "rounded-badge text-primary underline underline-offset-2 hover:no-underline";
