import { useTranslation } from "react-i18next";

import type { ConfigValue } from "@/api/types";
import { Section } from "@/shell/page";
import { useConfigText } from "./setting-text";

/** What the server was started with: to be read here, changed outside. */
export function ConfigList({ lines }: { lines: readonly ConfigValue[] }) {
  const { t } = useTranslation("settings");
  const text = useConfigText();
  if (lines.length === 0) return null;
  return (
    <Section id="config" title={t("section.config")} about={t("config_about")}>
      <dl className="divide-y divide-line">
        {lines.map((line) => {
          const { about, source, isRaw } = text(line);
          return (
            <div key={line.name} className="grid gap-x-8 gap-y-0.5 py-2 md:grid-cols-2">
              <dt className="min-w-0 [overflow-wrap:anywhere]">
                <code data-raw="" className="font-mono text-sm">
                  {line.name}
                </code>
                <span {...(isRaw && { "data-raw": "" })} className="block text-fg-3 text-xs">
                  {about}
                </span>
              </dt>
              <dd className="min-w-0 [overflow-wrap:anywhere]">
                <code data-raw="" className="font-mono text-sm">
                  {line.value === "" ? "–" : line.value}
                </code>
                <span className="block text-fg-3 text-xs">
                  {source} ·{" "}
                  <code data-raw="" className="font-mono">
                    {line.env}
                  </code>
                </span>
              </dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}
