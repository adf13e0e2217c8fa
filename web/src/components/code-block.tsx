import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";

type Copy = "idle" | "copied" | "failed";

const resetMs = 2_000;

/** A text to copy, with its name above it. */
export function CodeBlock({ name, text }: { name: string; text: string }) {
  const { t } = useTranslation();
  const nameId = useId();
  const [copy, setCopy] = useState<Copy>("idle");

  useEffect(() => {
    if (copy === "idle") return;
    const timer = setTimeout(() => setCopy("idle"), resetMs);
    return () => clearTimeout(timer);
  }, [copy]);

  async function onCopy() {
    try {
      await navigator.clipboard.writeText(text); // absent on plain http: addresses
      setCopy("copied");
    } catch {
      setCopy("failed");
    }
  }

  const label = { idle: t("code.copy"), copied: t("code.copied"), failed: t("code.copy_failed") };
  return (
    <figure className="overflow-hidden rounded-panel border border-line bg-surface">
      <figcaption className="flex items-center justify-between gap-3 border-line border-b bg-surface-2 py-1 pr-1 pl-3">
        <span id={nameId} className="min-w-0 truncate font-mono text-fg-2 text-xs">
          {name}
        </span>
        <button
          type="button"
          onClick={onCopy}
          aria-label={`${label[copy]} ${name}`}
          className="min-h-7 shrink-0 rounded-control px-2 text-fg-2 text-xs hover:bg-surface-3 hover:text-fg pointer-coarse:min-h-11"
        >
          {label[copy]}
        </button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-labelledby={nameId} className="overflow-x-auto px-3 py-2">
        <pre className="font-mono text-sm">
          <code>{text}</code>
        </pre>
      </section>
      <span role="status" className="sr-only">
        {copy === "idle" ? "" : label[copy]}
      </span>
    </figure>
  );
}
