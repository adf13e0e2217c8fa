import { Download, FileText } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TicketFileView } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { saveFile } from "@/components/save-file";
import { IconButton } from "@/components/ui/icon-button";
import { Time } from "@/components/value/time-ago";
import { useAttempt } from "@/form/use-attempt";
import { formatBytes } from "@/format/number";
import { fetchFile } from "./files";
import type { Side } from "./queries";

/** The files of a message, to be saved as long as they are there. */
export function FileList({ side, files }: { side: Side; files: readonly TicketFileView[] }) {
  const { t } = useTranslation("tickets");
  if (files.length === 0) return null;
  return (
    <ul aria-label={t("files.title")} className="space-y-1">
      {files.map((file) => (
        <OneFile key={file.id} side={side} file={file} />
      ))}
    </ul>
  );
}

function OneFile({ side, file }: { side: Side; file: TicketFileView }) {
  const { t } = useTranslation("tickets");
  const { busy, error, attempt } = useAttempt();
  const { id, name, size, expires_at } = file;
  return (
    <li className="space-y-1">
      <div className="flex items-center gap-2 rounded-control border border-line bg-surface py-1 pr-1 pl-3 text-sm">
        <FileText aria-hidden="true" className="size-4 shrink-0 stroke-[1.5] text-fg-3" />
        <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <bdi data-raw="" data-private="">
            {name}
          </bdi>{" "}
          <span className="text-fg-2">
            <span className="num">{formatBytes(size)}</span>
            {" · "}
            {t("files.until")} <Time time={expires_at} />
          </span>
        </p>
        <IconButton
          size="sm"
          label={t("files.save", { name })}
          icon={<Download aria-hidden="true" />}
          loading={busy}
          onClick={() => void attempt(async () => saveFile(await fetchFile(side, id), name))}
        />
      </div>
      <ProblemNotice error={error} />
    </li>
  );
}
