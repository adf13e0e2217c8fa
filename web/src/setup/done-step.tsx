import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { SetupState } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { AppLink, linkLook } from "@/connect/app-link";
import { useBootstrap, useMe } from "@/session/use-me";
import { existsIn } from "@/shell/exists";
import { isOpenTo, nav } from "@/shell/nav";
import { type OpenStep, steps } from "./steps";
import { useLeave } from "./use-leave";

const onward = ["settings", "users", "channels"] as const;

/** What works, what was left out, and where to go from here. */
export function DoneStep(props: { state: SetupState; onStep: (step: OpenStep) => void }) {
  const { t } = useTranslation("setup");
  const me = useMe();
  const site = useBootstrap();
  const router = useRouter();
  const exists = existsIn(router.routesByPath);
  const { busy, error, leave } = useLeave();
  const left = steps.filter(
    (step): step is Exclude<OpenStep, "done"> =>
      step !== "root" && step !== "done" && !props.state[step],
  );
  const links = onward.flatMap((key) => {
    const entry = nav.find((one) => one.key === key);
    return entry && isOpenTo(entry, me, site) && exists(entry.path)
      ? [{ key, path: entry.path }]
      : [];
  });
  return (
    <div className="space-y-5">
      {left.length === 0 ? (
        <Notice tone="ok">{t("done.all")}</Notice>
      ) : (
        <Notice tone="info" heading={t("done.left", { count: left.length })}>
          <ul className="space-y-0.5">
            {left.map((step) => (
              <li key={step}>
                <button type="button" className={linkLook} onClick={() => props.onStep(step)}>
                  {t(`step.${step}.title`)}
                </button>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {links.length > 0 && (
        <div>
          <h3 className="mb-1 font-medium">{t("done.onward")}</h3>
          <ul className="space-y-1">
            {links.map(({ key, path }) => (
              <li key={key}>
                <AppLink href={path} className={linkLook}>
                  {t(`done.${key}`)}
                </AppLink>
              </li>
            ))}
          </ul>
        </div>
      )}
      <ProblemNotice error={error} />
      <Button variant="primary" loading={busy} onClick={() => void leave()}>
        {t("done.open")}
      </Button>
    </div>
  );
}
