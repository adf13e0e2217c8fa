import { Link } from "@tanstack/react-router";
import { Circle, CircleCheck } from "lucide-react";
import { cloneElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { CallView, Dashboard } from "@/api/types";
import { Button } from "@/components/ui/button";
import { linkLook } from "@/connect/app-link";
import { useCallsLink } from "@/usage/calls-link";
import { OutcomeBadge } from "@/usage/outcome";

/** The three steps to the first call. They are ticked by what happened, not by a press. */
export function ConnectStrip(props: {
  connect: Dashboard["connect"];
  /** The last call so far: a failed one is shown too. */
  latest: CallView | undefined;
}) {
  const { t } = useTranslation("dashboard");
  const { connect, latest } = props;
  const calls = useCallsLink("mine");
  const trace = latest && calls({ req: latest.request_id });
  return (
    <section
      aria-label={t("connect.title")}
      className="rounded-panel border border-line bg-surface px-4 py-3"
    >
      <h2 className="font-semibold text-lg">{t("connect.title")}</h2>
      <ol className="mt-2 grid gap-x-6 gap-y-3 md:grid-cols-3">
        <Step
          isDone={connect.has_key}
          title={t("connect.key")}
          action={
            !connect.has_key && (
              <Button asChild size="sm" variant="primary">
                <Link to="/tokens">{t("connect.key_do")}</Link>
              </Button>
            )
          }
        />
        <Step
          isDone={connect.has_call}
          title={t("connect.client")}
          action={
            !connect.has_call && (
              <Button asChild size="sm" variant={connect.has_key ? "primary" : "outline"}>
                <Link to="/connect">{t("connect.client_do")}</Link>
              </Button>
            )
          }
        />
        <Step
          isDone={connect.has_call}
          title={t("connect.call")}
          action={
            <span role="status" className="text-fg-2 text-sm">
              {latest === undefined ? t("connect.waiting") : <OutcomeBadge call={latest} />}{" "}
              {trace &&
                cloneElement(trace, { className: linkLook, children: t("connect.how_it_went") })}
            </span>
          }
        />
      </ol>
    </section>
  );
}

function Step(props: { isDone: boolean; title: string; action: ReactNode }) {
  const { t } = useTranslation("dashboard");
  const Icon = props.isDone ? CircleCheck : Circle;
  return (
    <li className="flex items-start gap-2">
      <Icon
        aria-hidden="true"
        className={`mt-0.5 size-4 shrink-0 stroke-[1.5] ${props.isDone ? "text-ok" : "text-fg-3"}`}
      />
      <div className="min-w-0 space-y-1.5">
        <p className="font-medium">
          {props.title}
          {props.isDone && <span className="sr-only"> {t("connect.done")}</span>}
        </p>
        {props.action}
      </div>
    </li>
  );
}
