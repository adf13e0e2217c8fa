import { FileUp, X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { formatBytes } from "@/format/number";
import type { Import } from "./use-import";

/** What the server reads of one list. */
export const mostBytes = 8 * 1_024 * 1_024;
/** A text longer than this is not drawn: a browser takes seconds to lay it out. */
const mostDrawn = 20_000;

const ours = `[
  {
    "name": "gpt-5.2",
    "owner": "openai",
    "input_usd_per_1m": "1.25",
    "output_usd_per_1m": "10",
    "cache_read_usd_per_1m": "0.125"
  }
]`;

/** Where the prices come from: a file, or what is pasted. */
export function ImportSource({ state }: { state: Import }) {
  const { t } = useTranslation("catalog");
  const { source, setSource } = state;
  const picker = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState<string>();
  const isHeld =
    source !== undefined && (source.file !== undefined || source.text.length > mostDrawn);

  const take = (text: string, file?: string) => {
    const size = new Blob([text]).size;
    setTooLarge(size > mostBytes ? formatBytes(size) : undefined);
    if (size > mostBytes || text.trim() === "") setSource(undefined);
    else setSource({ text, ...(file !== undefined && { file }) });
  };
  const takeFile = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > mostBytes) {
      setTooLarge(formatBytes(file.size));
      setSource(undefined);
      return;
    }
    take(await file.text(), file.name);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button below
    <div
      className="space-y-4"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void takeFile(event.dataTransfer.files[0]);
      }}
    >
      <p className="text-fg-2">{t("import.about")}</p>
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          aria-label={t("import.file")}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void takeFile(event.target.files?.[0]);
            // The same file can be chosen again after it was mended.
            event.target.value = "";
          }}
        />
        <Button icon={<FileUp aria-hidden="true" />} onClick={() => picker.current?.click()}>
          {t("import.file")}
        </Button>
        <span className="text-fg-3 text-sm">{t("import.or_drop")}</span>
      </div>
      {isHeld ? (
        <p className="flex items-center gap-2 rounded-panel border border-line px-3 py-2">
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {source.file === undefined ? t("import.pasted") : <bdi data-raw="">{source.file}</bdi>}
            <span className="num ml-2 text-fg-2 text-sm">
              {formatBytes(new Blob([source.text]).size)}
            </span>
          </span>
          <IconButton
            size="sm"
            label={t("import.remove")}
            icon={<X aria-hidden="true" />}
            onClick={() => setSource(undefined)}
          />
        </p>
      ) : (
        <Field label={t("import.paste")}>
          <Textarea
            rows={8}
            value={source?.text ?? ""}
            className="max-h-80 font-mono text-sm"
            onChange={(event) => take(event.target.value)}
          />
        </Field>
      )}
      {tooLarge !== undefined && (
        <div role="alert">
          <Notice tone="err">
            {t("import.too_large", { size: tooLarge, most: formatBytes(mostBytes) })}
          </Notice>
        </div>
      )}
      <details className="text-sm">
        <summary className="min-h-6 w-fit text-fg-2">{t("import.forms")}</summary>
        <div className="mt-2 space-y-2">
          <p>{t("import.form_litellm")}</p>
          <p>{t("import.form_ours")}</p>
          <CodeBlock name="models.json" text={ours} />
        </div>
      </details>
    </div>
  );
}
