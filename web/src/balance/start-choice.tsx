import { useId } from "react";
import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { useTimeZone } from "@/components/value/time-zone";
import { useRuleText } from "@/form/rule-text";
import { formatTime } from "@/format/time";
import { type Start, starts } from "./start";

/** Asks when new time of a plan begins; `lastEnd` is when the last of it ends, where that is known. */
export function StartChoice({ lastEnd }: { lastEnd?: string }) {
  const { t, i18n } = useTranslation("balance");
  const zone = useTimeZone();
  const words = useRuleText();
  const id = useId();
  const { register, formState } = useFormContext<{ start: Start | null }>();
  const error = words(formState.errors.start?.message);
  const help = (start: Start) =>
    start === "deferred" && lastEnd !== undefined
      ? t("start.deferred_at", { time: formatTime(lastEnd, i18n.language, zone) })
      : t(`start.${start}_help`);
  return (
    <fieldset {...(error !== undefined && { "aria-describedby": id })} className="space-y-1">
      <legend className="mb-1 font-medium text-sm">{t("start.title")}</legend>
      {starts.map((start) => (
        <label key={start} className="touch-target flex min-h-6 min-w-0 items-start gap-2 py-0.5">
          <span className="flex h-5 items-center">
            <input
              type="radio"
              value={start}
              aria-invalid={error !== undefined || undefined}
              className="size-4 shrink-0 accent-primary"
              {...register("start")}
            />
          </span>
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {t(`start.${start}`)}
            <span className="block text-fg-3 text-xs">{help(start)}</span>
          </span>
        </label>
      ))}
      {error !== undefined && (
        <p id={id} className="text-err text-sm">
          {error}
        </p>
      )}
    </fieldset>
  );
}
