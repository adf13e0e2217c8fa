import { ImagePlus, Send, Square, X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Textarea } from "@/components/ui/textarea";
import { imageOf, imageTypes } from "./data-url";

interface Props {
  running: boolean;
  canSend: boolean;
  onSend: (text: string, images: readonly string[]) => void;
  onStop: () => void;
}

/** Where one writes. Enter sends only from here. */
export function Composer({ running, canSend, onSend, onStop }: Props) {
  const { t } = useTranslation("playground");
  const [text, setText] = useState("");
  const [images, setImages] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string>();
  const files = useRef<HTMLInputElement>(null);
  const ready = canSend && !running && (text.trim() !== "" || images.length > 0);

  function send() {
    if (!ready) return;
    onSend(text, images);
    setText("");
    setImages([]);
    setProblem(undefined);
  }

  async function attach(list: FileList | null) {
    for (const file of list ?? []) {
      const image = await imageOf(file);
      if (image.startsWith("data:")) setImages((before) => [...before, image]);
      else setProblem(t(`composer.image_${image as "type"}`, { name: file.name }));
    }
    if (files.current) files.current.value = "";
  }

  return (
    <div className="space-y-2">
      {images.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {images.map((image, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same image may be there twice
            <li key={at} className="relative">
              <img
                src={image}
                alt={t("composer.image", { number: at + 1 })}
                className="h-16 rounded-control border border-line object-cover"
              />
              <IconButton
                size="sm"
                variant="outline"
                label={t("composer.remove_image", { number: at + 1 })}
                icon={<X aria-hidden="true" />}
                className="absolute -top-2 -right-2 size-6 rounded-full"
                onClick={() => setImages(images.filter((_, place) => place !== at))}
              />
            </li>
          ))}
        </ul>
      )}
      {problem !== undefined && (
        <p role="alert" className="text-err text-sm">
          {problem}
        </p>
      )}
      <Textarea
        aria-label={t("composer.label")}
        placeholder={t("composer.placeholder")}
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
      <div className="flex items-center gap-2">
        <input
          ref={files}
          type="file"
          accept={imageTypes.join(",")}
          multiple
          hidden
          aria-label={t("composer.attach")}
          onChange={(event) => void attach(event.target.files)}
        />
        <IconButton
          label={t("composer.attach")}
          icon={<ImagePlus aria-hidden="true" />}
          onClick={() => files.current?.click()}
        />
        <p className="min-w-0 flex-1 text-fg-3 text-xs max-sm:invisible">{t("composer.hint")}</p>
        {running ? (
          <Button icon={<Square aria-hidden="true" />} onClick={onStop}>
            {t("composer.stop")}
          </Button>
        ) : (
          <Button
            variant="primary"
            icon={<Send aria-hidden="true" />}
            disabled={!ready}
            onClick={send}
          >
            {t("composer.send")}
          </Button>
        )}
      </div>
    </div>
  );
}
