import { useTranslation } from "react-i18next";

import type { SubscriptionView } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/value/time-ago";
import { HeldState } from "./held-state";
import { isMultiplied } from "./terms";
import { Until } from "./until";
import { WindowBar } from "./window-bar";

/** Time of a plan that is not over: until when, and what is used of it. */
export function HeldPlan({ held }: { held: SubscriptionView }) {
  const { t } = useTranslation("plans");
  const { plan, state, starts_at, ends_at, multiplier, windows } = held;
  const name = plan ?? t("gone");
  return (
    <section
      aria-label={name}
      className="space-y-3 rounded-panel border border-line bg-surface px-4 py-3"
    >
      <div className="space-y-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="min-w-0 font-semibold [overflow-wrap:anywhere]">
            <bdi data-raw="">{name}</bdi>
          </h3>
          <HeldState state={state} />
          {isMultiplied(multiplier) && <Badge>{t("counts", { multiplier })}</Badge>}
        </div>
        {state === "scheduled" ? (
          <div className="text-fg-2">
            <p>
              {t("yours.starts")} <Until time={starts_at} />
            </p>
            <p>
              {t("yours.ends")} <Time time={ends_at} />
            </p>
          </div>
        ) : (
          <p className="text-fg-2">
            {t("yours.ends")} <Until time={ends_at} />
          </p>
        )}
      </div>
      <ul className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
        {windows.map((window) => (
          <WindowBar key={window.per} window={window} />
        ))}
      </ul>
    </section>
  );
}
