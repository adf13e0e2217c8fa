import { Paperclip, Send, Square } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Textarea } from "@/components/ui/textarea";
import { Attachments } from "./attachments";
import type { Prompt } from "./conversation";
import { attach, attachableTypes } from "./data-url";
import type { Estimate } from "./estimate";
import { EstimateNotice } from "./estimate-notice";

interface Props {
  running: boolean;
  canSend: boolean;
  /** Several models are asked at once. */
  isComparing: boolean;
  /** What sending this would cost, where that is worth a thought. */
  estimate: (prompt: Prompt) => Estimate | undefined;
  onSend: (prompt: Prompt) => void;
  onStop: () => void;
}

const nothing = { images: [], documents: [] } satisfies Omit<Prompt, "text">;

/** Where one writes. Enter sends only from here. */
export function Composer({ running, canSend, isComparing, estimate, onSend, onStop }: Props) {
  const { t } = useTranslation("playground");
  const [text, setText] = useState("");
  const [attached, setAttached] = useState<Required<Omit<Prompt, "text">>>(nothing);
  const [problem, setProblem] = useState<string>();
  const files = useRef<HTMLInputElement>(null);
  const { images, documents } = attached;
  const isEmpty = text.trim() === "" && images.length === 0 && documents.length === 0;
  const ready = canSend && !running && !isEmpty;
  const prompt: Prompt = { text, images, ...(documents.length > 0 && { documents }) };

  function send() {
    if (!ready) return;
    onSend(prompt);
    setText("");
    setAttached(nothing);
    setProblem(undefined);
  }

  async function take(list: FileList | null) {
    setProblem(undefined);
    for (const file of list ?? []) {
      const found = await attach(file);
      if (typeof found === "string") setProblem(t(`composer.file_${found}`, { name: file.name }));
      else if (found.kind === "image")
        setAttached((before) => ({ ...before, images: [...before.images, found.url] }));
      else
        setAttached((before) => ({
          ...before,
          documents: [...before.documents, { name: found.name, url: found.url }],
        }));
    }
    if (files.current) files.current.value = "";
  }

  return (
    <div className="space-y-2">
      <Attachments prompt={attached} onChange={setAttached} />
      {problem !== undefined && (
        <p role="alert" className="text-err text-sm [overflow-wrap:anywhere]">
          {problem}
        </p>
      )}
      <Textarea
        aria-label={t("composer.label")}
        placeholder={t(isComparing ? "composer.placeholder_all" : "composer.placeholder")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
        spellCheck
        className="max-h-60 min-h-16"
      />
      <EstimateNotice estimate={running ? undefined : estimate(prompt)} />
      <div className="flex items-center gap-2">
        <input
          ref={files}
          type="file"
          accept={attachableTypes.join(",")}
          multiple
          hidden
          aria-label={t("composer.attach")}
          onChange={(event) => void take(event.target.files)}
        />
        <IconButton
          label={t("composer.attach")}
          icon={<Paperclip aria-hidden="true" />}
          onClick={() => files.current?.click()}
        />
        <p className="min-w-0 flex-1 text-fg-3 text-xs max-sm:invisible">{t("composer.hint")}</p>
        {running ? (
          <Button icon={<Square aria-hidden="true" />} onClick={onStop}>
            {t(isComparing ? "composer.stop_all" : "composer.stop")}
          </Button>
        ) : (
          <Button
            variant="primary"
            icon={<Send aria-hidden="true" />}
            disabled={!ready}
            onClick={send}
          >
            {t(isComparing ? "composer.send_all" : "composer.send")}
          </Button>
        )}
      </div>
    </div>
  );
}
