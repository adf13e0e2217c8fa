import { useTranslation } from "react-i18next";

import { type Change, SaveBar } from "@/form/save-bar";
import { SaveProblem } from "@/form/save-problem";
import { type GroupEdit, moved } from "./use-group-edit";

/** What was changed of a group, Save and Discard. */
export function GroupSaveBar({ edit }: { edit: GroupEdit }) {
  const { t } = useTranslation(["groups", "common"]);
  const { before, draft } = edit;
  const [added, removed] = moved(before.members, draft.members);
  const changes: Change[] = [
    ...differing("multiplier", t("groups:column.multiplier")),
    ...differing("parent", t("groups:field.parent"), t("common:none")),
    ...differing("priority", t("groups:column.priority")),
    ...differing("pinned", t("groups:field.pinned"), t("common:none")),
    ...(draft.enabled === before.enabled
      ? []
      : [
          {
            label: t("groups:field.enabled"),
            before: before.enabled ? t("common:yes") : t("common:no"),
            after: draft.enabled ? t("common:yes") : t("common:no"),
          },
        ]),
    ...(added.length === 0
      ? []
      : [{ label: t("groups:members.added"), before: "", after: added.join(", ") }]),
    ...(removed.length === 0
      ? []
      : [{ label: t("groups:members.removed"), before: removed.join(", "), after: "" }]),
  ];
  return (
    <SaveBar
      changes={changes}
      saving={edit.saving}
      onSave={() => void edit.save()}
      onDiscard={edit.discard}
      problem={<SaveProblem error={edit.error} onReload={() => void edit.reload()} />}
    />
  );

  function differing(
    field: "multiplier" | "parent" | "priority" | "pinned",
    label: string,
    nothing = "",
  ): Change[] {
    if (draft[field].trim() === before[field]) return [];
    return [{ label, before: before[field] || nothing, after: draft[field].trim() || nothing }];
  }
}
