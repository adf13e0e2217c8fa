/** A target as a form holds it and as the server takes it. */

import type {
  NewNotificationTarget,
  NotificationKind,
  NotificationTargetChange,
  NotificationTargetView,
} from "@/api/types";
import type { Owner } from "./api";
import { freshSettings, kindsOf, type SettingsDraft, settingsOf } from "./settings";

type Language = NotificationTargetView["language"];

export interface TargetDraft extends SettingsDraft {
  name: string;
  kind: NotificationKind;
  language: Language;
  enabled: boolean;
  /** Whether the settings are given; those there are are never shown. */
  replaces: boolean;
}

/** What the form begins with. */
export function targetDraftOf(
  owner: Owner,
  target: NotificationTargetView | undefined,
  language: Language,
): TargetDraft {
  const kind = target?.kind ?? kindsOf[owner][0] ?? "webhook";
  return {
    name: target?.name ?? "",
    kind,
    language: target?.language ?? language,
    enabled: target?.enabled ?? true,
    replaces: target === undefined,
    ...freshSettings(kind),
  };
}

/** What the server is sent for a new one. */
export function madeOf({ name, language, enabled, kind, ...rest }: TargetDraft) {
  return {
    name,
    language,
    enabled,
    settings: settingsOf(kind, rest),
  } satisfies NewNotificationTarget;
}

/** What the server is sent for one that is there. */
export function changedTo(draft: TargetDraft): NotificationTargetChange {
  const { settings, ...rest } = madeOf(draft);
  return { ...rest, ...(draft.replaces && { settings }) };
}

/** The same target, switched on or off. */
export const switched = (
  { name, language }: NotificationTargetView,
  enabled: boolean,
): NotificationTargetChange => ({ name, language, enabled });
