import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { ChannelKind, Dialect } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Notice } from "@/components/ui/notice";
import type texts from "@/i18n/en/channels";
import { resolvedQuery } from "./queries";
import { useSettled } from "./use-settled";

interface Props {
  kind: ChannelKind;
  baseUrl: string;
  apiVersion?: string | undefined;
  dialects?: readonly Dialect[] | undefined;
}

type Code = keyof (typeof texts)["warning"];

/** How much each says: some stop every call, some are only good to know. */
const tones: Record<Code, "info" | "warn" | "err"> = {
  duplicate_version: "err",
  no_version: "info",
  private_address: "info",
  blocked_address: "err",
  plain_http: "warn",
  dns: "err",
};

const isCode = (code: string): code is Code => Object.hasOwn(tones, code);
export const isHttpUrl = (text: string) => /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text);

/** Where the calls of a base URL would go, and what is to be said about that, while it is typed. */
export function ResolvedView({ kind, baseUrl, apiVersion, dialects }: Props) {
  const { t } = useTranslation("channels");
  const settled = useSettled(baseUrl.trim());
  const { data, error } = useQuery({
    ...resolvedQuery({
      kind,
      base_url: settled,
      ...(apiVersion && { api_version: apiVersion }),
      ...(dialects?.length && { dialects }),
    }),
    enabled: isHttpUrl(settled),
  });
  if (!isHttpUrl(baseUrl.trim())) return null;
  if (error) return <ProblemNotice error={error} />;
  if (!data) return null;
  return (
    <div className="space-y-2" aria-live="polite">
      <div className="space-y-0.5">
        <p className="text-fg-3 text-xs">{t("resolved.title")}</p>
        <ul data-raw="" className="space-y-0.5 font-mono text-sm">
          {data.urls.map(({ dialect, method, url }) => (
            <li key={dialect} className="[overflow-wrap:anywhere]">
              <span className="text-fg-3">{method}</span> {url}
            </li>
          ))}
        </ul>
        {data.addresses.length > 0 && (
          <p className="text-fg-3 text-xs [overflow-wrap:anywhere]">
            {t("resolved.addresses", { addresses: data.addresses.slice(0, 4).join(", ") })}
          </p>
        )}
      </div>
      {data.warnings.map(({ code, detail }) => (
        <Notice key={code + detail} tone={isCode(code) ? tones[code] : "warn"}>
          {isCode(code) ? t(`warning.${code}`) : detail}
          {isCode(code) && (code === "blocked_address" || code === "dns") && (
            <p data-raw="" className="font-mono text-fg-2 text-xs">
              {detail}
            </p>
          )}
        </Notice>
      ))}
    </div>
  );
}
