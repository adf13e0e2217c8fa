import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Textarea } from "@/components/ui/textarea";
import { formatBytes } from "@/format/number";
import type { FileMistake } from "./channels-file";
import { ImportLines } from "./import-lines";
import type { PlanChange } from "./import-plan";
import { type ChannelImport, useChannelImport } from "./use-channel-import";

/** What the server reads of one manifest, with room for the change of form. */
const mostBytes = 2 * 1_024 * 1_024;

/** Brings channels along from a file: shows what would become of each before anything is done. */
export function ImportSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Sheet open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open && <Steps onClose={onClose} />}
    </Sheet>
  );
}

function Steps({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("channels");
  const state = useChannelImport();
  const { report, done, error } = state;
  return (
    <SheetContent
      keepOpen
      title={t("transfer.title")}
      footer={<Buttons state={state} onClose={onClose} />}
    >
      <div className="space-y-4">
        {done ? (
          <Done changes={done} />
        ) : report ? (
          <>
            {state.isAnew && (
              <div role="alert">
                <Notice tone="warn">{t("transfer.anew")}</Notice>
              </div>
            )}
            <ImportLines report={report} ticked={state.ticked} onTick={state.tick} />
          </>
        ) : (
          <Source state={state} />
        )}
        <ProblemNotice error={error} />
      </div>
    </SheetContent>
  );
}

function Buttons({ state, onClose }: { state: ChannelImport; onClose: () => void }) {
  const { t } = useTranslation(["channels", "common"]);
  const { report, done, ticked, busy, text } = state;
  if (done) {
    return (
      <Button variant="primary" onClick={onClose}>
        {t("common:close")}
      </Button>
    );
  }
  if (report) {
    return (
      <>
        <Button onClick={state.restart}>{t("channels:transfer.back")}</Button>
        <Button
          variant="primary"
          loading={busy}
          disabledReason={ticked.size === 0 ? t("channels:transfer.none_ticked") : undefined}
          onClick={() => void state.write()}
        >
          {t("channels:transfer.write", { count: ticked.size })}
        </Button>
      </>
    );
  }
  return (
    <Button
      variant="primary"
      loading={busy}
      disabledReason={text.trim() === "" ? t("channels:transfer.no_source") : undefined}
      onClick={() => void state.compare()}
    >
      {t("channels:transfer.compare")}
    </Button>
  );
}

/** Where the channels come from: a file, or what is pasted. What is wrong with it stands below, line by line. */
function Source({ state }: { state: ChannelImport }) {
  const { t } = useTranslation("channels");
  const { text, setText, mistakes } = state;
  const picker = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState<string>();
  const take = (next: string) => {
    const size = new Blob([next]).size;
    setTooLarge(size > mostBytes ? formatBytes(size) : undefined);
    setText(size > mostBytes ? "" : next);
  };
  const takeFile = async (file: File | undefined) => {
    if (file) take(file.size > mostBytes ? " ".repeat(mostBytes + 1) : await file.text());
    if (file && file.size > mostBytes) setTooLarge(formatBytes(file.size));
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
      <p className="text-fg-2">{t("transfer.about")}</p>
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          aria-label={t("transfer.file")}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void takeFile(event.target.files?.[0]);
            // The same file can be chosen again after it was mended.
            event.target.value = "";
          }}
        />
        <Button icon={<FileUp aria-hidden="true" />} onClick={() => picker.current?.click()}>
          {t("transfer.file")}
        </Button>
        <span className="text-fg-3 text-sm">{t("transfer.or_drop")}</span>
      </div>
      <Field label={t("transfer.paste")}>
        <Textarea
          rows={8}
          value={text}
          data-private=""
          className="max-h-80 font-mono text-sm"
          onChange={(event) => take(event.target.value)}
        />
      </Field>
      {tooLarge !== undefined && (
        <div role="alert">
          <Notice tone="err">
            {t("transfer.too_large", { size: tooLarge, most: formatBytes(mostBytes) })}
          </Notice>
        </div>
      )}
      {mistakes.length > 0 && <Mistakes mistakes={mistakes} />}
    </div>
  );
}

const mostMistakes = 20;

function Mistakes({ mistakes }: { mistakes: readonly FileMistake[] }) {
  const { t } = useTranslation("channels");
  const more = mistakes.length - mostMistakes;
  return (
    <div role="alert">
      <Notice tone="err" heading={t("transfer.mistakes", { count: mistakes.length })}>
        <ul className="space-y-1 text-sm">
          {mistakes.slice(0, mostMistakes).map((one) => (
            <li key={`${one.line} ${one.field} ${one.code} ${one.what}`}>
              {one.line !== undefined && (
                <span className="num font-medium">{t("transfer.line", { line: one.line })} </span>
              )}
              {one.channel !== undefined && (
                <>
                  <bdi data-raw="" data-private="">
                    {one.channel}
                  </bdi>{" "}
                </>
              )}
              {one.field !== undefined && (
                <>
                  <code data-raw="" className="font-mono text-xs">
                    {one.field}
                  </code>{" "}
                </>
              )}
              {t(`transfer.mistake.${one.code}`, { what: one.what ?? "" })}
            </li>
          ))}
        </ul>
        {more > 0 && <p className="text-sm">{t("transfer.more", { count: more })}</p>}
      </Notice>
    </div>
  );
}

/** What was done, as the server tells it. */
function Done({ changes }: { changes: readonly PlanChange[] }) {
  const { t } = useTranslation("channels");
  const count = (verb: PlanChange["verb"]) =>
    changes.filter((one) => one.kind === "channel" && one.verb === verb).length;
  const models = changes.filter(({ kind, verb }) => kind === "model" && verb === "create");
  return (
    <div role="status" className="space-y-3">
      <Notice tone="ok" heading={t("transfer.done")}>
        {t("transfer.done_text", { created: count("create"), changed: count("update") })}
      </Notice>
      {models.length > 0 && (
        <p className="text-fg-2 text-sm">
          {t("transfer.new_models", { count: models.length })}{" "}
          <span data-raw="" className="font-mono [overflow-wrap:anywhere]">
            {models.map(({ name }) => name).join(", ")}
          </span>
        </p>
      )}
    </div>
  );
}
