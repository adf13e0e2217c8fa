import { useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePlay } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { BatchOutcome, ChannelStatus } from "@/api/types";
import { useUndo } from "@/batch/use-undo";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useMay } from "@/session/use-me";
import { refreshChannels, useChannelStatus } from "./queries";
import { namesWith, type Trial } from "./trial";

export type Act = "enable" | "disable";

/** What was done after a test. */
export interface Done {
  readonly act: Act;
  readonly outcome: BatchOutcome;
}

/** What was done after the test, each with the way back. A toast would lie out of reach beside the open panel. */
export function DoneList(props: { done: readonly Done[]; onUndone: (one: Done) => void }) {
  const { t } = useTranslation("batch");
  const queries = useQueryClient();
  const { undo } = useUndo("channel", () => refreshChannels(queries));
  return (
    <div role="status" className="space-y-2 empty:hidden">
      {props.done.map((one) => {
        const { act, outcome } = one;
        const token = outcome.undo?.token;
        return (
          <Notice
            key={act}
            tone="ok"
            action={
              token !== undefined && (
                <Button size="sm" onClick={() => void undo(token).then(() => props.onUndone(one))}>
                  {t("undo")}
                </Button>
              )
            }
          >
            {t(`done.${act}`, { what: t("channel", { count: outcome.done }) })}
          </Notice>
        );
      })}
    </div>
  );
}

/** What usually follows: who passed is enabled, who failed is disabled. What is so already is left out. */
export function Consequences(props: {
  trials: readonly Trial[];
  onAct: (act: Act, names: readonly string[]) => void;
}) {
  const { t } = useTranslation(["channels", "trials"]);
  const { trials, onAct } = props;
  const { byName } = useChannelStatus();
  const mayWrite = useMay("channels.write");
  if (!mayWrite) return null;
  const passed = namesWith(trials, "ok");
  const failed = namesWith(trials, "failed");
  const enable = passed.filter((name) => isOff(byName.get(name)));
  const disable = failed.filter((name) => !isOff(byName.get(name)));
  return (
    <>
      <Button
        icon={<Ban aria-hidden="true" />}
        disabledReason={
          disable.length > 0
            ? undefined
            : t(failed.length === 0 ? "trials:none_failed" : "trials:off_already")
        }
        onClick={() => onAct("disable", disable)}
      >
        {t("trials:disable", { count: disable.length })}
      </Button>
      <Button
        icon={<CirclePlay aria-hidden="true" />}
        disabledReason={
          enable.length > 0
            ? undefined
            : t(passed.length === 0 ? "trials:none_passed" : "trials:on_already")
        }
        onClick={() => onAct("enable", enable)}
      >
        {t("trials:enable", { count: enable.length })}
      </Button>
    </>
  );
}

const isOff = (status: ChannelStatus | undefined) => status?.state === "disabled";
