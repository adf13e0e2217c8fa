import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";

/** Why there are no rows, and what to do about it. */
export interface Nothing {
  readonly title: string;
  readonly text?: ReactNode;
  readonly action?: ReactNode;
  readonly icon?: ReactNode;
}

/** No rows, for one of four reasons: it failed, it is not available, nothing matches, or there is nothing yet. */
export function NoRows(props: {
  nothing: Nothing;
  unavailable: Nothing | undefined;
  isFiltered: boolean;
  onClear: () => void;
  error: unknown;
  onRetry: () => void;
}) {
  const { t } = useTranslation("table");
  if (props.unavailable) return <Empty {...props.unavailable} />;
  if (props.error !== undefined) return <ErrorState error={props.error} onRetry={props.onRetry} />;
  if (props.isFiltered) {
    return (
      <Empty
        title={t("no_match")}
        text={t("no_match_text")}
        action={<Button onClick={props.onClear}>{t("clear_filters")}</Button>}
      />
    );
  }
  return <Empty {...props.nothing} />;
}
