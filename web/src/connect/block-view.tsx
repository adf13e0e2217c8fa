import { Download, ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { saveFile } from "@/components/save-file";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";
import { IconButton } from "@/components/ui/icon-button";
import type { Block } from "./templates/recipe";

interface Props {
  /** With the whole key: what is copied. */
  block: Block;
  /** The same as it is shown. */
  shown: Block;
  client: string;
  origin: string;
}

/** One block to paste: its name, what it changes, the text, and what to expect. */
export function BlockView({ block, shown, client, origin }: Props) {
  const { t } = useTranslation("connect");
  const title = t(`block.${block.title}`);
  const about = [
    block.changes && t(`change.${block.changes}`),
    block.merge && t(`merge.${block.merge}`),
  ].filter(Boolean);
  return (
    <section className="min-w-0 space-y-1.5">
      <h2 className="font-medium">{title}</h2>
      {about.length > 0 && <p className="text-fg-2 text-sm">{about.join(" ")}</p>}
      {block.language === "fields" ? (
        <FieldList block={block} shown={shown} title={title} />
      ) : block.language === "link" ? (
        <LinkBlock block={block} shown={shown} client={client} />
      ) : (
        <CodeBlock
          name={block.path ?? block.language}
          text={block.text}
          wrap={block.id === "once"}
          actions={block.download !== undefined && <SaveButton block={block} />}
        >
          {shown.text}
        </CodeBlock>
      )}
      {block.expect && (
        <p className="text-fg-2 text-sm">
          <span className="font-medium text-fg">{t("show.expected")}</span>{" "}
          {t(`expect.${block.expect}`, { origin })}
        </p>
      )}
    </section>
  );
}

function SaveButton({ block }: { block: Block }) {
  const { t } = useTranslation("connect");
  const save = () => saveFile(new Blob([block.text], { type: "text/plain" }), block.download ?? "");
  return (
    <IconButton
      size="sm"
      label={t("show.download")}
      icon={<Download aria-hidden="true" />}
      onClick={save}
    />
  );
}

/** The fields of a form, each with its own way to the clipboard. */
function FieldList({ block, shown, title }: { block: Block; shown: Block; title: string }) {
  return (
    <figure className="overflow-hidden rounded-panel border border-line bg-surface">
      {block.path !== undefined && (
        <figcaption className="border-line border-b bg-surface-2 px-3 py-2 text-fg-2 text-sm">
          {block.path}
        </figcaption>
      )}
      <dl aria-label={title} className="divide-y divide-line">
        {block.fields?.map((field, at) => (
          <div
            key={`${field.name} ${field.value}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 py-1 pr-1 pl-3 sm:grid-cols-[12rem_minmax(0,1fr)_auto]"
          >
            <dt className="text-fg-2 text-sm max-sm:col-span-2">{field.name}</dt>
            <dd className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">
              {shown.fields?.[at]?.value}
            </dd>
            <dd>
              <CopyButton text={field.value} what={field.name} iconOnly />
            </dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}

/** A link that hands settings to a program, with everything in it to be read before. */
function LinkBlock({ block, shown, client }: { block: Block; shown: Block; client: string }) {
  const { t } = useTranslation("connect");
  return (
    <div className="space-y-2 rounded-panel border border-line bg-surface px-3 py-3">
      <p className="font-medium text-sm">{t("show.sent")}</p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 text-sm">
        {shown.fields?.map((field) => (
          <div key={`${field.name} ${field.value}`} className="contents">
            <dt className="text-fg-2">{field.name}</dt>
            <dd className="font-mono [overflow-wrap:anywhere]">{field.value}</dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-wrap gap-2">
        <Button asChild size="sm">
          <a href={block.text} rel="noreferrer">
            <ExternalLink aria-hidden="true" />
            {t("show.open", { client })}
          </a>
        </Button>
        <CopyButton text={block.text} what={t("block.link")} variant="outline" />
      </div>
    </div>
  );
}
