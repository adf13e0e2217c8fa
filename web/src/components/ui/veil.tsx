import { useState } from "react";

/** Dims the page behind a dialog or sheet and holds its scroll. Not Radix's own overlay: that one
    writes a style element, which the content security policy refuses. */
export function Veil() {
  const [hasBar] = useState(() => {
    const { scrollHeight, clientHeight } = document.documentElement;
    return scrollHeight > clientHeight;
  });
  return (
    <div
      data-scroll-lock={hasBar ? "bar" : ""}
      aria-hidden="true"
      className="fixed inset-0 z-overlay animate-fade-in bg-veil"
    />
  );
}
