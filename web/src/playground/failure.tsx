import { useTranslation } from "react-i18next";

import { Notice } from "@/components/ui/notice";
import { adviceOf } from "./advice";
import type { PlayError } from "./conversation";

/** What went wrong in the server's words, and what can be done about it. */
export function Failure({ error }: { error: PlayError }) {
  const { t } = useTranslation("playground");
  const { status, code, message } = error;
  const advice = adviceOf(error);
  return (
    <div role="alert">
      <Notice
        tone="err"
        heading={status === undefined ? t("turn.error") : t("turn.error_status", { status })}
      >
        {code === "network" ? t("turn.network") : <span data-raw="">{message}</span>}
        {code !== undefined && code !== "network" && (
          <span className="ml-2 font-mono text-fg-2 text-sm">{code}</span>
        )}
        {advice && <p className="mt-1">{t(`advice.${advice}`)}</p>}
      </Notice>
    </div>
  );
}
