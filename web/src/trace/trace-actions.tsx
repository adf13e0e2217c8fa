import { useTranslation } from "react-i18next";
import type { Trace } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { useCopy } from "@/components/use-copy";
import { AppLink } from "@/connect/app-link";
import { reportOf } from "./report";
import { useReader } from "./use-reader";

/** Where the actions lead; what is left out is not offered. */
export interface TraceLinks {
  /** The address of this request, to be sent to others; below the site's own. */
  self?: string | undefined;
  playground?: string | undefined;
  similar?: string | undefined;
  /** Only for operators. */
  simulate?: string | undefined;
  /** Where to ask about it; only for whose call it was. */
  ticket?: string | undefined;
}

/** What one can do about a request. */
export function TraceActions({ trace, links }: { trace: Trace; links: TraceLinks }) {
  const reader = useReader();
  const { t } = reader;
  const { t: common } = useTranslation("common");
  const report = useCopy();
  const places = [
    ["playground", links.playground],
    ["similar", links.similar],
    ["simulate", links.simulate],
    ["ticket", links.ticket],
  ] as const;
  return (
    <div className="flex flex-wrap gap-2">
      {links.self !== undefined && <LinkButton href={links.self} />}
      <Button size="sm" onClick={() => report.copy(reportOf(reader, trace))}>
        {report.state === "copied" ? common("copied") : t("action.report")}
      </Button>
      <span role="status" className="sr-only">
        {report.state === "copied" ? common("copied") : ""}
      </span>
      {report.state === "failed" && (
        <CopyButton text={reportOf(reader, trace)} what={t("action.report")} />
      )}
      {places.map(
        ([id, href]) =>
          href !== undefined && (
            <Button key={id} asChild size="sm">
              <AppLink href={href}>{t(`action.${id}`)}</AppLink>
            </Button>
          ),
      )}
    </div>
  );
}

function LinkButton({ href }: { href: string }) {
  const { t } = useReader();
  const { t: common } = useTranslation("common");
  const { state, copy } = useCopy();
  return (
    <Button size="sm" onClick={() => copy(new URL(href, location.origin).href)}>
      {state === "copied" ? common("copied") : t("action.link")}
    </Button>
  );
}
