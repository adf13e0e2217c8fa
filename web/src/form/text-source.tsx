import { FileUp, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { formatBytes } from "@/format/number";

/** A text that somebody brought along. */
export interface SourceText {
  readonly text: string;
  /** The name of the file; left out for what was pasted. */
  readonly file?: string;
}

/** A text longer than this is not drawn: a browser takes seconds to lay it out. */
const mostDrawn = 20_000;

interface Props {
  about: string;
  source: SourceText | undefined;
  onChange: (source: SourceText | undefined) => void;
  /** What the server reads at once. */
  mostBytes: number;
  /** What it says is nobody else's: keys may be in it. */
  isPrivate?: boolean;
  /** Below it: what is wrong with the text, what forms it may have. */
  children?: ReactNode;
}

/** JSON out of a file, dropped or chosen, or pasted. */
export function TextSource(props: Props) {
  const { t } = useTranslation("common");
  const { source, onChange, mostBytes } = props;
  const picker = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState<string>();
  const isHeld =
    source !== undefined && (source.file !== undefined || source.text.length > mostDrawn);

  const refuse = (size: number) => {
    setTooLarge(formatBytes(size));
    onChange(undefined);
  };
  const take = (text: string, file?: string) => {
    const size = new Blob([text]).size;
    if (size > mostBytes) return refuse(size);
    setTooLarge(undefined);
    onChange(text.trim() === "" ? undefined : { text, ...(file !== undefined && { file }) });
  };
  const takeFile = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > mostBytes) refuse(file.size);
    else take(await file.text(), file.name);
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
      <p className="text-fg-2">{props.about}</p>
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          aria-label={t("source.file")}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void takeFile(event.target.files?.[0]);
            // The same file can be chosen again after it was mended.
            event.target.value = "";
          }}
        />
        <Button icon={<FileUp aria-hidden="true" />} onClick={() => picker.current?.click()}>
          {t("source.file")}
        </Button>
        <span className="text-fg-3 text-sm">{t("source.or_drop")}</span>
      </div>
      {isHeld ? (
        <p className="flex items-center gap-2 rounded-panel border border-line px-3 py-2">
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {source.file === undefined ? t("source.pasted") : <bdi data-raw="">{source.file}</bdi>}
            <span className="num ml-2 text-fg-2 text-sm">
              {formatBytes(new Blob([source.text]).size)}
            </span>
          </span>
          <IconButton
            size="sm"
            label={t("source.remove")}
            icon={<X aria-hidden="true" />}
            onClick={() => onChange(undefined)}
          />
        </p>
      ) : (
        <Field label={t("source.paste")}>
          <Textarea
            rows={8}
            value={source?.text ?? ""}
            data-private={props.isPrivate ? "" : undefined}
            className="max-h-80 font-mono text-sm"
            onChange={(event) => take(event.target.value)}
          />
        </Field>
      )}
      {tooLarge !== undefined && (
        <div role="alert">
          <Notice tone="err">
            {t("source.too_large", { size: tooLarge, most: formatBytes(mostBytes) })}
          </Notice>
        </div>
      )}
      {props.children}
    </div>
  );
}
