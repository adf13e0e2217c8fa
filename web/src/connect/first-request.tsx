import { useId } from "react";
import { useTranslation } from "react-i18next";

import type { CallView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Spinner } from "@/components/ui/spinner";
import { formatDuration } from "@/format/duration";
import { AppLink } from "./app-link";

/** What the listener knows. */
export type Waiting =
  /** Nothing is heard yet. */
  | { state: "connecting" }
  | { state: "waiting" }
  /** Nothing is listening, say because the connection is lost. */
  | { state: "paused" }
  | { state: "arrived"; call: CallView; href?: string };

interface Props {
  waiting: Waiting;
  /** Sends a request through this key from here. */
  onTest?: (() => void) | undefined;
  testing?: boolean;
}

/** Waits for the first request, and tells how it went, failed ones too. */
export function FirstRequest({ waiting, onTest, testing = false }: Props) {
  const { t } = useTranslation("connect");
  const id = useId();
  return (
    <section aria-labelledby={id} className="space-y-2">
      <h2 id={id} className="font-semibold text-lg">
        {t("wait.heading")}
      </h2>
      <div role="status">
        <Told waiting={waiting} />
      </div>
      {onTest && waiting.state !== "arrived" && (
        <Button loading={testing} onClick={onTest}>
          {t("wait.test")}
        </Button>
      )}
    </section>
  );
}

function Told({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslation(["connect", "trace"]);
  switch (waiting.state) {
    case "connecting":
      return <Spinner className="my-2" />;
    case "waiting":
      return (
        <div className="flex items-start gap-2 rounded-control border border-line px-3 py-2">
          <Spinner className="mt-0.5" />
          <div>
            <p className="font-medium">{t("wait.waiting")}</p>
            <p className="text-fg-2 text-sm">{t("wait.waiting_hint")}</p>
          </div>
        </div>
      );
    case "paused":
      return <Notice tone="info">{t("wait.paused")}</Notice>;
    case "arrived": {
      const { call, href } = waiting;
      const ok = call.outcome === "ok";
      return (
        <Notice
          tone={ok ? "ok" : "err"}
          action={
            href !== undefined && (
              <Button asChild size="sm">
                <AppLink href={href}>{t("wait.trace")}</AppLink>
              </Button>
            )
          }
        >
          {ok
            ? t("wait.ok", { model: call.model, duration: formatDuration(call.duration_us) })
            : t("wait.failed", { cause: `${t(`trace:outcome.${call.outcome}`)}, ${call.status}` })}
        </Notice>
      );
    }
  }
}
