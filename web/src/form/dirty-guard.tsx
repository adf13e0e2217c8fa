import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { ConfirmDialog } from "./confirm-dialog";

interface Props {
  dirty: boolean;
  /** In a sheet that is open by the query: a change of the query alone leaves it. */
  closesWithQuery?: boolean;
}

/** Asks before changes that are not saved are left behind: by a link, by Back, or by closing the tab. */
export function DirtyGuard({ dirty, closesWithQuery = false }: Props) {
  const { t } = useTranslation("common");
  const blocker = useBlocker({
    // A change of the query alone stays on the page.
    shouldBlockFn: ({ current, next }) =>
      dirty && (closesWithQuery || current.pathname !== next.pathname),
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => !open && blocker.reset?.()}
      title={t("form.leave_heading")}
      consequence={t("form.leave_text")}
      verb={t("form.leave")}
      cancel={t("form.stay")}
      onConfirm={async () => blocker.proceed?.()}
    />
  );
}
