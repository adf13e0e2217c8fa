import { useQueryClient } from "@tanstack/react-query";
import { CheckCheck } from "lucide-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import { useAttempt } from "@/form/use-attempt";
import { announcements, refreshAnnouncements } from "./queries";
import { useFocusAfter } from "./use-focus-after";

/** Says of all announcements that they were read; only there as long as some are not. */
export function MarkAll() {
  const { t } = useTranslation("announcements");
  const queries = useQueryClient();
  const words = useProblemText();
  const { busy, attempt } = useAttempt();
  const press = useFocusAfter();
  async function markAll() {
    press();
    try {
      await announcements.readAll();
    } catch (error) {
      toast.failed(words(asProblem(error)));
    }
    await refreshAnnouncements(queries);
  }
  return (
    <Button
      icon={<CheckCheck aria-hidden="true" />}
      loading={busy}
      onClick={() => void attempt(markAll)}
    >
      {t("mark_all")}
    </Button>
  );
}
