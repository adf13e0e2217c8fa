import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { Circle, CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { SetupState } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { existsIn } from "@/shell/exists";
import { dismissSetup } from "./queries";

const steps = ["root", "address", "channel", "test", "key", "call"] as const;

/** How far setting up has come, ticked by what is there. Gone once it is done, or put away. */
export function SetupStrip({ setup }: { setup: SetupState }) {
  const { t } = useTranslation("admin");
  const queries = useQueryClient();
  const router = useRouter();
  const dismiss = useMutation({ mutationFn: () => dismissSetup(queries) });
  const done = steps.filter((step) => setup[step]).length;
  return (
    <section
      aria-label={t("setup.title")}
      className="space-y-3 rounded-panel border border-line bg-surface px-4 py-3"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="font-semibold text-lg">{t("setup.title")}</h2>
        <span className="num text-fg-2">{t("setup.progress", { done, all: steps.length })}</span>
        <span className="flex-1" />
        <Button
          size="sm"
          variant="ghost"
          loading={dismiss.isPending}
          onClick={() => dismiss.mutate()}
        >
          {t("setup.dismiss")}
        </Button>
        {existsIn(router.routesByPath)("/setup") && (
          <Button asChild size="sm" variant="primary">
            <Link to="/setup">{t("setup.go_on")}</Link>
          </Button>
        )}
      </div>
      <ol className="flex flex-wrap gap-x-6 gap-y-2">
        {steps.map((step) => {
          const Icon = setup[step] ? CircleCheck : Circle;
          return (
            <li key={step} className="flex items-center gap-1.5">
              <Icon
                aria-hidden="true"
                className={`size-4 shrink-0 stroke-[1.5] ${setup[step] ? "text-ok" : "text-fg-3"}`}
              />
              <span className={setup[step] ? "text-fg-2" : "font-medium"}>
                {t(`setup.${step}`)}
                <span className="sr-only"> {setup[step] ? t("setup.done") : t("setup.open")}</span>
              </span>
            </li>
          );
        })}
      </ol>
      {setup.forwarded_proto_untrusted && <Notice tone="warn">{t("setup.proxy")}</Notice>}
      <ProblemNotice error={dismiss.error} />
    </section>
  );
}
