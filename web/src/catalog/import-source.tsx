import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { TextSource } from "@/form/text-source";
import type { Import } from "./use-import";

/** What the server reads of one list. */
export const mostBytes = 8 * 1_024 * 1_024;

/** Where LiteLLM publishes its list. */
export const litellmList =
  "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json";

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
    <div className="space-y-4">
      <Segmented
        label={t("import.way_label")}
        value={state.way}
        onChange={state.setWay}
        options={(["text", "url"] as const).map((value) => ({
          value,
          label: t(`import.way.${value}`),
        }))}
      />
      {state.way === "url" ? (
        <Address state={state} />
      ) : (
        <TextSource
          about={t("import.about")}
          source={state.source}
          onChange={state.setSource}
          mostBytes={mostBytes}
        />
      )}
      <Forms />
    </div>
  );
}

/** Where a list is, for the server to ask for. */
function Address({ state }: { state: Import }) {
  const { t } = useTranslation("catalog");
  return (
    <form
      className="space-y-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void state.compare();
      }}
    >
      <p className="text-fg-2">{t("import.about")}</p>
      <Field label={t("import.url")} help={t("import.url_help")}>
        <Input
          type="url"
          value={state.url}
          autoCapitalize="none"
          spellCheck={false}
          className="font-mono text-sm"
          onChange={(event) => state.setUrl(event.target.value)}
        />
      </Field>
      <Button size="sm" onClick={() => state.setUrl(litellmList)}>
        {t("import.use_litellm")}
      </Button>
    </form>
  );
}

function Forms() {
  const { t } = useTranslation("catalog");
  return (
    <details className="text-sm">
      <summary className="min-h-6 w-fit text-fg-2">{t("import.forms")}</summary>
      <div className="mt-2 space-y-2">
        <p>{t("import.form_litellm")}</p>
        <p>{t("import.form_v0")}</p>
        <p>{t("import.form_ours")}</p>
        <CodeBlock name="models.json" text={ours} />
      </div>
    </details>
  );
}
