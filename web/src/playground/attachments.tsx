import { FileText, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/ui/icon-button";
import type { PdfDocument, Prompt } from "./conversation";

interface Props {
  prompt: Pick<Prompt, "images" | "documents">;
  /** Without it they are only shown. */
  onChange?: (prompt: Required<Pick<Prompt, "images" | "documents">>) => void;
}

/** What goes along with a prompt. */
export function Attachments({ prompt: { images, documents = [] }, onChange }: Props) {
  const { t } = useTranslation("playground");
  if (images.length === 0 && documents.length === 0) return null;
  const without = <Item,>(list: readonly Item[], at: number) =>
    list.filter((_, place) => place !== at);
  return (
    <ul className="flex flex-wrap gap-3">
      {images.map((image, at) => (
        <Attachment
          // biome-ignore lint/suspicious/noArrayIndexKey: the same image may be there twice
          key={at}
          label={t("composer.remove_image", { number: at + 1 })}
          {...(onChange && {
            onRemove: () => onChange({ images: without(images, at), documents }),
          })}
        >
          <img
            src={image}
            alt={t("composer.image", { number: at + 1 })}
            className={
              onChange
                ? "h-16 rounded-control border border-line object-cover"
                : "max-h-48 max-w-full rounded-control border border-line"
            }
          />
        </Attachment>
      ))}
      {documents.map((document, at) => (
        <Attachment
          // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be there twice
          key={at}
          label={t("composer.remove_file", { name: document.name })}
          {...(onChange && {
            onRemove: () => onChange({ images, documents: without(documents, at) }),
          })}
        >
          <DocumentName document={document} />
        </Attachment>
      ))}
    </ul>
  );
}

function Attachment(props: { label: string; onRemove?: () => void; children: ReactNode }) {
  return (
    <li className="relative min-w-0 max-w-full">
      {props.children}
      {props.onRemove && (
        <IconButton
          size="sm"
          variant="outline"
          label={props.label}
          icon={<X aria-hidden="true" />}
          className="absolute -top-2 -right-2 size-6 rounded-full"
          onClick={props.onRemove}
        />
      )}
    </li>
  );
}

function DocumentName({ document: { name, url } }: { document: PdfDocument }) {
  const { t } = useTranslation("playground");
  return (
    <span className="flex min-w-0 items-center gap-2 rounded-control border border-line px-3 py-1.5 text-sm">
      <FileText aria-hidden="true" className="size-4 shrink-0 stroke-[1.5] text-fg-3" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <bdi data-raw="">{name}</bdi>
        {url === "" && <span className="block text-fg-3 text-xs">{t("turn.file_gone")}</span>}
      </span>
    </span>
  );
}
