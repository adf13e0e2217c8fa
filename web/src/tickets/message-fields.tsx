import type { ReactNode } from "react";

import { MarkdownField } from "@/form/markdown-field";
import { Attachments } from "./attachments";
import type { Uploads } from "./use-uploads";

interface Props {
  label: string;
  uploads: Uploads;
  /** Between the text and the files. */
  children?: ReactNode;
}

/** What is said, and the files that go with it: also those that are dropped here, and pictures that are pasted. */
export function MessageFields({ label, uploads, children }: Props) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping and pasting are shortcuts for the button below
    <div
      className="space-y-4"
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      }}
      onDrop={(event) => {
        const { files } = event.dataTransfer;
        if (files.length === 0) return;
        event.preventDefault();
        uploads.add([...files]);
      }}
      onPaste={(event) => {
        const { files } = event.clipboardData;
        const pictures = [...files].filter(({ type }) => type.startsWith("image/"));
        // What programs copy as text and as a picture of it is meant as text.
        if (pictures.length === 0 || event.clipboardData.getData("text/plain") !== "") return;
        event.preventDefault();
        uploads.add(pictures);
      }}
    >
      <MarkdownField name="body" label={label} />
      {children}
      <Attachments uploads={uploads} />
    </div>
  );
}
