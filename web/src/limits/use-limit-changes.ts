import { useTranslation } from "react-i18next";

import type { Change } from "@/form/save-bar";
import { type LimitsDraft, limitKinds } from "./limits";

/** Which limits differ, for the list of what is to be saved. `of` names whose they are, where that is not plain. */
export function useLimitChanges(): (
  before: LimitsDraft,
  after: LimitsDraft,
  of?: string,
) => Change[] {
  const { t } = useTranslation("limits");
  return (before, after, of) =>
    limitKinds
      .filter((kind) => before[kind].trim() !== after[kind].trim())
      .map((kind) => ({
        label: [of, t(`field.${kind}`)].filter(Boolean).join(": "),
        before: before[kind].trim() || t("none"),
        after: after[kind].trim() || t("none"),
      }));
}
