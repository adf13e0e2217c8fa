import { Paperclip, X } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { useProblemText } from "@/components/problem-text";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Spinner } from "@/components/ui/spinner";
import { formatBytes } from "@/format/number";
import { endings, mostBytes, mostFiles } from "./files";
import type { Upload, Uploads } from "./use-uploads";

const accepted = endings.map((ending) => `.${ending}`).join(",");

/** What a file may be, in words. */
const limits = { most: mostFiles, size: formatBytes(mostBytes), kinds: endings.join(", ") };

/** Files that go with a message: a button for more, and what became of each. */
export function Attachments({ uploads }: { uploads: Uploads }) {
  const { t } = useTranslation("tickets");
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <input
          ref={picker}
          type="file"
          multiple
          accept={accepted}
          aria-label={t("files.add")}
          className="sr-only"
          tabIndex={-1}
          onChange={({ target }) => {
            uploads.add([...(target.files ?? [])]);
            // The same file can be chosen again after it was mended.
            target.value = "";
          }}
        />
        <Button
          size="sm"
          icon={<Paperclip aria-hidden="true" />}
          onClick={() => picker.current?.click()}
        >
          {t("files.add")}
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-fg-3 text-xs">{t("files.limits", limits)}</p>
      </div>
      {uploads.isTooMany && (
        <p role="alert" className="text-err text-sm">
          {t("files.more", limits)}
        </p>
      )}
      {uploads.all.length > 0 && (
        <ul
          aria-label={t("files.title")}
          className="divide-y divide-line rounded-panel border border-line bg-surface"
        >
          {uploads.all.map((upload) => (
            <Row key={upload.key} upload={upload} onRemove={() => uploads.remove(upload.key)} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Row({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const { t } = useTranslation("tickets");
  const { name, size } = upload;
  return (
    <li className="flex items-center gap-2 py-1 pr-1 pl-3">
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <bdi data-raw="" data-private="">
          {name}
        </bdi>{" "}
        <span className="num text-fg-2 text-sm">{formatBytes(size)}</span>
        <State state={upload.state} />
      </div>
      <IconButton
        size="sm"
        label={t("files.remove", { name })}
        icon={<X aria-hidden="true" />}
        onClick={onRemove}
      />
    </li>
  );
}

function State({ state }: Pick<Upload, "state">) {
  const { t } = useTranslation("tickets");
  const words = useProblemText();
  if (state.kind === "sending") {
    return (
      <p role="status" className="flex items-center gap-1.5 text-fg-2 text-sm">
        <Spinner className="size-3" />
        {t("files.sending")}
      </p>
    );
  }
  if (state.kind === "sent") {
    return (
      <p role="status" className="text-ok text-sm">
        {t("files.sent")}
      </p>
    );
  }
  return (
    <p role="alert" className="text-err text-sm">
      {state.kind === "refused"
        ? t(`files.refused.${state.why}`, limits)
        : t("files.refused.failed", { why: words(asProblem(state.error)) })}
    </p>
  );
}
