/** What was changed on the page and is not saved. */
import type { SettingView } from "@/api/types";
import type { SettingsChange } from "./queries";

/** By key: the new value, or `null` for back to the default. */
export type Draft = Readonly<Record<string, string | null>>;

/** The draft with one more change; what is as it was is no change. */
export function withValue(draft: Draft, setting: SettingView, value: string | null): Draft {
  const { [setting.key]: _, ...rest } = draft;
  const isSame = value === null ? !setting.is_set : value === setting.value && !isSecret(setting);
  return isSame ? rest : { ...rest, [setting.key]: value };
}

/** The value as the page shows it now. */
export function shownValue(draft: Draft, setting: SettingView): string {
  const changed = draft[setting.key];
  if (changed === undefined) return setting.value;
  return changed ?? setting.default;
}

/** The draft as the server wants it. */
export function changeOf(draft: Draft): SettingsChange {
  const set: Record<string, string> = {};
  const reset: string[] = [];
  for (const [key, value] of Object.entries(draft)) {
    if (value === null) reset.push(key);
    else set[key] = value;
  }
  return { set, reset };
}

export const isSecret = ({ kind }: SettingView) => kind === "secret";

/** What is surely wrong with a value, as a message of the form rules; the server decides the rest. */
export function mistakeIn(setting: SettingView, value: string): string | undefined {
  const isNumber = setting.kind === "integer" || setting.kind === "duration_ms";
  if (isNumber) {
    if (!/^\s*\d+\s*$/.test(value)) return "number";
    if (setting.min !== undefined && Number(value) < setting.min) return `at_least:${setting.min}`;
    if (setting.max !== undefined && Number(value) > setting.max) return `at_most:${setting.max}`;
  }
  if (setting.kind === "url" && value !== "" && !/^https?:\/\/\S+$/i.test(value)) return "url";
  return undefined;
}
