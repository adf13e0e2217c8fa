import { useLayoutEffect, useState } from "react";

/** Dims the page behind a dialog or sheet and holds its scroll. Not Radix's own overlay: that one
    writes a style element, which the content security policy refuses. */
export function Veil() {
  // Measured before the page is held: then its scroll bar is gone.
  const [bar] = useState(() => window.innerWidth - document.documentElement.clientWidth);
  useLayoutEffect(() => {
    if (bar <= 0) return;
    document.body.style.paddingRight = `${bar}px`; // so that nothing moves sideways
    return () => {
      document.body.style.paddingRight = "";
    };
  }, [bar]);
  return (
    <div
      data-scroll-lock=""
      aria-hidden="true"
      className="fixed inset-0 z-overlay animate-fade-in bg-veil"
    />
  );
}
