import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { ErrorState } from "@/components/ui/error-state";

/** Instead of a request: why it cannot be shown. An id from a client's error may be of a call that was never recorded. */
export function TraceError(props: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation("trace");
  return (
    <div className="space-y-2">
      <ErrorState {...props} />
      {asProblem(props.error).code === "not_found" && (
        <p className="text-fg-2">{t("not_recorded")}</p>
      )}
    </div>
  );
}
