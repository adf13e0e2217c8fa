import { useTranslation } from "react-i18next";

import type { Failure } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Notice } from "@/components/ui/notice";
import type texts from "@/i18n/en/channels";

type Code = keyof (typeof texts)["failure"];

const codes: Record<Code, true> = {
  dns: true,
  connect: true,
  tls: true,
  timeout: true,
  unauthorized: true,
  forbidden: true,
  not_found: true,
  model_not_found: true,
  rate_limited: true,
  no_money: true,
  blocked_address: true,
  bad_request: true,
  server_error: true,
  not_an_api: true,
  proxy: true,
  other: true,
};

/** A code this page knows words for. */
export const knownFailure = (code: string): Code =>
  Object.hasOwn(codes, code) ? (code as Code) : "other";

interface Props {
  failure: Failure;
  /** What takes over a better base URL. */
  onBaseUrl?: ((baseUrl: string) => void) | undefined;
  /** The verb for that: filled into a form, or saved at once. */
  baseUrlVerb?: "use" | "save";
  /** No failure of the channel: there is nothing to mend. */
  neutral?: boolean;
}

/** Why a test failed: what happened, what to do, and what mends it where that is known. */
export function FailureNotice({ failure, onBaseUrl, baseUrlVerb = "use", neutral }: Props) {
  const { t } = useTranslation(["channels", "common"]);
  const code = knownFailure(failure.code);
  const { base_url, allow_private, setting } = failure.fix ?? {};
  return (
    <Notice
      tone={neutral ? "info" : "err"}
      heading={neutral ? t("channels:probe.untestable") : t(`channels:failure.${code}.title`)}
    >
      <p>{neutral ? t("channels:probe.untestable_text") : t(`channels:failure.${code}.todo`)}</p>
      {base_url !== undefined && onBaseUrl && (
        <Button size="sm" className="mt-2 max-w-full" onClick={() => onBaseUrl(base_url)}>
          <span className="truncate">
            {t(`channels:failure_fix.${baseUrlVerb}`)}{" "}
            <bdi data-raw="" className="font-mono">
              {base_url}
            </bdi>
          </span>
        </Button>
      )}
      {allow_private !== undefined && (
        <div className="mt-2 space-y-1">
          <p>{t("channels:failure_fix.allow")}</p>
          <CodeBlock
            name={t("channels:failure_fix.environment")}
            text={`${setting ?? "REALMS_OUTBOUND_ALLOW_PRIVATE"}=${allow_private}`}
            wrap
          />
        </div>
      )}
      {failure.detail !== "" && (
        <details className="mt-1 text-fg-2 text-sm">
          <summary className="min-h-6 w-fit">{t("common:technical")}</summary>
          <p data-raw="" className="font-mono text-xs [overflow-wrap:anywhere]">
            {failure.detail}
          </p>
        </details>
      )}
    </Notice>
  );
}
