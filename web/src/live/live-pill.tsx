import { Pause, Play } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { StatusShape } from "@/components/ui/status-shape";
import { Tooltip } from "@/components/ui/tooltip";
import { useShortcut } from "@/shell/shortcuts";
import { feed, type LiveState } from "./feed";
import { useLiveState } from "./use-live";

const looks = {
  connecting: ["unknown", "text-fg-3"],
  live: ["ok", "text-ok"],
  reconnecting: ["degraded", "text-warn"],
  paused: ["disabled", "text-fg-3"],
  refused: ["down", "text-fg-3"],
} as const;

/** Whether what is shown moves by itself; a press stops it. Not there on pages that stand still anyway. */
export function LivePill() {
  const { t } = useTranslation("shell");
  const state = useLiveState();
  const words = useWords(state);
  const paused = state.kind === "paused";
  const label = paused ? t("live.resume") : t("live.pause");
  const toggle = () => feed.setPaused(!paused);
  const off = state.kind === "off";
  useShortcut(off ? undefined : { keys: "l", label, group: "page" }, toggle);
  if (off) return null;
  const [status, colour] = looks[state.kind];
  const Icon = paused ? Play : Pause;
  return (
    <Tooltip text={label}>
      <button
        type="button"
        onClick={toggle}
        aria-label={`${words}. ${label}`}
        className={`inline-flex h-7 items-center gap-1.5 rounded-control px-2 text-xs hover:bg-surface-3 pointer-coarse:h-10 ${colour}`}
      >
        <StatusShape status={status} />
        <span className="num max-sm:sr-only">{words}</span>
        <Icon aria-hidden="true" className="size-3 stroke-[1.5]" />
      </button>
    </Tooltip>
  );
}

function useWords(state: LiveState): string {
  const { t } = useTranslation("shell");
  const [now, setNow] = useState(Date.now);
  const at = state.kind === "reconnecting" ? state.at : undefined;
  useEffect(() => {
    if (at === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [at]);
  if (at !== undefined) {
    return t("live.reconnecting", { seconds: Math.max(0, Math.ceil((at - now) / 1_000)) });
  }
  return state.kind === "off" || state.kind === "reconnecting" ? "" : t(`live.${state.kind}`);
}
