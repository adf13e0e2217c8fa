/** Where the focus goes when a layer closes. Radix leads back to a trigger; most layers here are opened by state. */
import { useState } from "react";

/** What opens over the page and goes again. */
const layers = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [data-passing]";

/** What had the focus last on the page itself. */
let lastOnPage: Element | undefined;
document.addEventListener("focusin", ({ target }) => {
  if (target instanceof Element && !target.closest(layers)) lastOnPage = target;
});

/** Leads the focus back to the page, unless it has a place already: where it was last, else to the page's beginning. */
export function focusPage(opener?: Element | null): void {
  const now = document.activeElement;
  if (now !== null && now !== document.body && now.closest(layers) !== null) return;
  for (const place of [opener, lastOnPage, document.querySelector("main")]) {
    if (!(place instanceof HTMLElement) || !place.isConnected) continue;
    place.focus();
    if (document.activeElement === place) return;
  }
}

/** For the content of a layer: remembers what opened it, and leads back there. */
export function useFocusBack() {
  const [opener] = useState(() => document.activeElement);
  return {
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      focusPage(opener === document.body ? null : opener);
    },
  };
}
