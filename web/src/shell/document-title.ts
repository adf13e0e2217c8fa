import { useEffect } from "react";

import { announce } from "./announcer";

let site = "Realms";

/** Tells what the site calls itself; the titles of pages end with it. */
export function nameSite(name: string): void {
  site = name;
}

/** Names the page in the browser's tab, and aloud: `Channels · Realms`. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" || title === site ? site : `${title} · ${site}`;
    if (title !== "") announce(title);
  }, [title]);
}
