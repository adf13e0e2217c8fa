import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Dialect } from "@/api/types";
import { CodeBlock } from "@/components/ui/code-block";
import { Segmented } from "@/components/ui/segmented";
import { detectOs } from "@/connect/detect-os";
import { keyVariable, type Os, shells } from "@/connect/templates/target";
import { codeOf, type ExportFormat, formatsOf } from "./export";
import type { PlayRequest } from "./request";

interface Props {
  origin: string;
  dialect: Dialect;
  request: PlayRequest;
}

/** The same request as a program. */
export function CodeView({ origin, dialect, request }: Props) {
  const { t } = useTranslation(["playground", "connect"]);
  const formats = formatsOf(dialect);
  const [chosen, setFormat] = useState<ExportFormat>("curl");
  const format = formats.includes(chosen) ? chosen : "curl";
  const [os, setOs] = useState<Os>(detectOs);
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap gap-3">
        <Segmented
          className="relative min-w-0"
          label={t("code.format")}
          options={formats.map((value) => ({ value, label: t(`code.${value}`) }))}
          value={format}
          onChange={setFormat}
        />
        {format === "curl" && (
          <Segmented
            className="relative min-w-0"
            label={t("connect:picker.os")}
            options={shells.map((value) => ({ value, label: t(`connect:os.${value}`) }))}
            value={os}
            onChange={setOs}
          />
        )}
      </div>
      <CodeBlock
        name={t(`code.${format}`)}
        text={codeOf(format, { origin, os, dialect }, request)}
      />
      <p className="text-fg-2 text-sm">{t("code.key", { name: keyVariable })}</p>
    </div>
  );
}
