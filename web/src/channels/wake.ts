import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { ChannelStatus } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { channels, putStatus } from "./queries";

/** Whether anything of a channel rests. */
export const isResting = (status: ChannelStatus) =>
  status.until !== undefined ||
  [...status.credentials, ...status.endpoints, ...status.models].some(
    ({ state }) => state !== "ok",
  );

/** Ends the rests of a channel. Its new state shows that it is done; a failure is told aside. */
export function useWake(): (name: string) => void {
  const { t } = useTranslation("channels");
  const queries = useQueryClient();
  const words = useProblemText();
  return (name) =>
    void channels.wake(name).then(
      (status) => putStatus(queries, status),
      (error: unknown) => {
        const problem = asProblem(error);
        toast.failed(t("wake.failed", { name, why: words(problem) }), problem.detail);
      },
    );
}
