import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { TicketMessageView } from "@/api/types";
import { cn } from "@/components/class-names";
import { Markdown } from "@/components/markdown/markdown";
import { Badge } from "@/components/ui/badge";
import { FileList } from "./file-list";
import type { Side } from "./queries";
import { SaidAt } from "./said-at";

interface Props {
  side: Side;
  message: TicketMessageView;
}

/** Something that was said: by whom, when, and the files that went with it. */
export function OneMessage({ side, message }: Props) {
  const { t } = useTranslation("tickets");
  const id = useId();
  const { by_staff, internal, body, created_at, files } = message;
  return (
    <article
      aria-labelledby={id}
      className={cn(
        "space-y-3 rounded-panel border border-line px-4 py-3",
        by_staff ? "bg-surface-2" : "bg-surface",
        internal && "border-warn border-dashed bg-warn-soft",
      )}
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={id} className="min-w-0 font-medium [overflow-wrap:anywhere]">
          <Author side={side} message={message} />
        </h2>
        {internal && <Badge tone="warn">{t("thread.note")}</Badge>}
        <SaidAt time={created_at} />
      </header>
      <div data-private="">
        <Markdown text={body} />
      </div>
      <FileList side={side} files={files} />
    </article>
  );
}

/** Users see no names of those who run the site, and are called "you". */
function Author({ side, message: { author, by_staff } }: Props) {
  const { t } = useTranslation("tickets");
  if (side === "mine") return t(by_staff ? "thread.support" : "thread.you");
  const name =
    author === undefined ? (
      t("thread.somebody")
    ) : (
      <bdi data-raw="" data-private="">
        {author}
      </bdi>
    );
  return (
    <>
      {name}
      {by_staff && <span className="font-normal text-fg-2"> · {t("thread.support")}</span>}
    </>
  );
}
