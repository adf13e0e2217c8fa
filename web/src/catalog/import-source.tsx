import { useTranslation } from "react-i18next";

import { CodeBlock } from "@/components/ui/code-block";
import { TextSource } from "@/form/text-source";
import type { Import } from "./use-import";

/** What the server reads of one list. */
export const mostBytes = 8 * 1_024 * 1_024;

const ours = `[
  {
    "name": "gpt-5.2",
    "owner": "openai",
    "input_usd_per_1m": "1.25",
    "output_usd_per_1m": "10",
    "cache_read_usd_per_1m": "0.125"
  }
]`;

/** Where the prices come from, and which forms they may have. */
export function ImportSource({ state }: { state: Import }) {
  const { t } = useTranslation("catalog");
  return (
    <TextSource
      about={t("import.about")}
      source={state.source}
      onChange={state.setSource}
      mostBytes={mostBytes}
    >
      <details className="text-sm">
        <summary className="min-h-6 w-fit text-fg-2">{t("import.forms")}</summary>
        <div className="mt-2 space-y-2">
          <p>{t("import.form_litellm")}</p>
          <p>{t("import.form_ours")}</p>
          <CodeBlock name="models.json" text={ours} />
        </div>
      </details>
    </TextSource>
  );
}
