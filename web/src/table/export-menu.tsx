import { Download, X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { saveFile } from "@/components/save-file";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { useCopy } from "@/components/use-copy";
import { formatExact } from "@/format/number";
import type { Column } from "./column";
import { type ExportFormat, exportMost } from "./export";
import { asMarkdown, asTsv } from "./rows-text";

/** Fetches the file; the console's own header must go along, so that it cannot be a plain link. */
export type FetchExport = (format: ExportFormat, signal: AbortSignal) => Promise<Blob>;

/** What a server makes files of, where that is not every form of all rows that match. */
export interface ExportOffer {
  readonly formats: readonly ExportFormat[];
  /** Which rows are in the file. */
  readonly label: string;
}

const everyFormat: readonly ExportFormat[] = ["csv", "jsonl"];

/** The list as a file from the server, and the loaded rows as a copy. */
export function ExportMenu<Item>(props: {
  /** Of the file, without its ending. */
  name: string;
  columns: readonly Column<Item>[];
  items: readonly Item[];
  approxTotal: number | undefined;
  fetchExport: FetchExport | undefined;
  offer?: ExportOffer | undefined;
}) {
  const { t, i18n } = useTranslation("table");
  const { columns, items, fetchExport } = props;
  const { state, copy } = useCopy();
  const running = useRef<AbortController | undefined>(undefined);
  const [isRunning, setIsRunning] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);
  const written = columns.filter((column) => column.text);
  const isTooMuch = (props.approxTotal ?? 0) > exportMost;

  async function download(format: ExportFormat) {
    if (!fetchExport) return;
    const controller = new AbortController();
    running.current = controller;
    setIsRunning(true);
    setHasFailed(false);
    try {
      const content = await fetchExport(format, controller.signal);
      if (!controller.signal.aborted) saveFile(content, `${props.name}.${format}`);
    } catch {
      setHasFailed(!controller.signal.aborted);
    } finally {
      if (running.current === controller) setIsRunning(false);
    }
  }

  return (
    <span className="inline-flex items-center gap-1">
      <span role="status" className="text-fg-2 text-xs">
        {state === "copied" && t("copied", { count: items.length })}
        {state === "failed" && t("copy_failed")}
        {isRunning && t("exporting")}
        {hasFailed && <span className="text-err">{t("export_failed")}</span>}
      </span>
      {isRunning && (
        <IconButton
          size="sm"
          label={t("export_cancel")}
          icon={<X aria-hidden="true" />}
          onClick={() => {
            running.current?.abort();
            setIsRunning(false);
          }}
        />
      )}
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button size="sm" variant="ghost" icon={<Download aria-hidden="true" />}>
            {t("export")}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          {fetchExport && (
            <>
              <DropdownMenuLabel>
                {isTooMuch
                  ? t("export_too_much", { most: formatExact(exportMost, i18n.language) })
                  : (props.offer?.label ?? t("export_all"))}
              </DropdownMenuLabel>
              {(props.offer?.formats ?? everyFormat).map((format) => (
                <DropdownMenuItem key={format} onSelect={() => download(format)}>
                  {t(format)}
                </DropdownMenuItem>
              ))}
              <DropdownMenuSeparator />
            </>
          )}
          <DropdownMenuLabel>{t("copy_loaded", { count: items.length })}</DropdownMenuLabel>
          <DropdownMenuItem onSelect={() => copy(asMarkdown(written, items))}>
            {t("copy_markdown")}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => copy(asTsv(written, items))}>
            {t("copy_tsv")}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </span>
  );
}
