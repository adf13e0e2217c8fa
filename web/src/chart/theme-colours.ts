import { useEffect, useState } from "react";

/** A number that changes with the colours of the page: light to dark, or more contrast. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const next = () => setVersion((now) => now + 1);
    const observer = new MutationObserver(next);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"].flatMap(
      (query) => window.matchMedia?.(query) ?? [],
    );
    for (const query of queries) query.addEventListener("change", next);
    return () => {
      observer.disconnect();
      for (const query of queries) query.removeEventListener("change", next);
    };
  }, []);
  return version;
}

/** What a token is at the moment, in a form that a canvas takes. */
export function resolveColour(within: HTMLElement, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${token})`;
  within.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
