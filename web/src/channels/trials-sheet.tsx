import { lazy, Suspense } from "react";

import type { BatchOutcome, ChannelView } from "@/api/types";
import type { Meant } from "@/batch/use-bulk";
import { Sheet } from "@/components/ui/sheet";
import { loadTexts } from "@/i18n";
import type { Act } from "./trial-acts";

const TrialsBench = lazy(async () => {
  await loadTexts("trials");
  return import("./trials-bench");
});

export interface AskedTrials extends Pick<Meant, "count"> {
  /** Finds the channels that are meant. */
  channels: (signal: AbortSignal) => Promise<readonly ChannelView[]>;
}

/** Asks for what is to be done with those that passed or failed. */
export type OnAct = (
  act: Act,
  names: readonly string[],
  onDone: (outcome: BatchOutcome) => void,
) => void;

interface Props {
  asked: AskedTrials | undefined;
  onClose: () => void;
  onAct: OnAct;
}

/** Tests several channels, shows what each comes to as it comes, and offers what usually follows. */
export function TrialsSheet({ asked, onClose, onAct }: Props) {
  return (
    <Sheet open={asked !== undefined} onOpenChange={(open) => !open && onClose()}>
      {asked && (
        <Suspense>
          <TrialsBench asked={asked} onAct={onAct} />
        </Suspense>
      )}
    </Sheet>
  );
}
