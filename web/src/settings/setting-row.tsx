import { useTranslation } from "react-i18next";

import type { SettingView } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Time } from "@/components/value/time-ago";
import { type Draft, isSecret, shownValue, withValue } from "./draft";
import { SettingControl } from "./setting-control";
import { useSettingText } from "./setting-text";

interface Props {
  setting: SettingView;
  draft: Draft;
  mayWrite: boolean;
  mistake: string | undefined;
  onDraft: (draft: Draft) => void;
}

/** One setting: its control, what it does, and where its value comes from. */
export function SettingRow({ setting, draft, mayWrite, mistake, onDraft }: Props) {
  const { t } = useTranslation("settings");
  const { name, help, isRaw } = useSettingText()(setting);
  const changed = draft[setting.key];
  const isChanged = changed !== undefined;
  return (
    <div className="grid gap-x-8 gap-y-1 py-4 md:grid-cols-[minmax(0,1fr)_16rem]">
      <Field
        id={setting.key}
        label={<span {...(isRaw && { "data-raw": "" })}>{name}</span>}
        aside={
          <span className="flex gap-1">
            {isChanged && <Badge>{t("changed")}</Badge>}
            {setting.restart && <Badge>{t("restart")}</Badge>}
          </span>
        }
        help={
          <>
            <span {...(isRaw && { "data-raw": "" })}>{help}</span>
            {setting.hides && setting.hides.length > 0 && (
              <>
                {" "}
                {t("hides")} <span data-raw="">{setting.hides.join(", ")}</span>
              </>
            )}
          </>
        }
        error={mistake}
        {...(setting.kind === "duration_ms" && { unit: "ms" })}
      >
        <SettingControl
          setting={setting}
          value={shownValue(draft, setting)}
          secret={isSecret(setting) ? (changed ?? undefined) : undefined}
          disabled={!mayWrite || setting.locked}
          onChange={(value) =>
            onDraft(
              value === undefined
                ? withoutKey(draft, setting.key)
                : withValue(draft, setting, value),
            )
          }
        />
      </Field>
      <Origin
        setting={setting}
        onReset={
          mayWrite && !setting.locked && setting.is_set && changed !== null
            ? () => onDraft(withValue(draft, setting, null))
            : undefined
        }
      />
    </div>
  );
}

function withoutKey(draft: Draft, key: string): Draft {
  const { [key]: _, ...rest } = draft;
  return rest;
}

/** Where the value comes from, what it would be otherwise, and who changed it last. */
function Origin({ setting, onReset }: { setting: SettingView; onReset: (() => void) | undefined }) {
  const { t } = useTranslation("settings");
  const { source, env, updated_at, updated_by } = setting;
  return (
    <div className="space-y-0.5 text-fg-3 text-xs [overflow-wrap:anywhere] md:pt-6">
      <p>
        <code data-raw="" className="font-mono">
          {setting.key}
        </code>
      </p>
      <p>
        {setting.locked && env !== undefined ? (
          <>
            {t("locked")}{" "}
            <code data-raw="" className="font-mono">
              {env}
            </code>
          </>
        ) : (
          t(`source.${source}`)
        )}
      </p>
      {setting.is_set && !isSecret(setting) && (
        <p>
          {t("default")} <span data-raw="">{setting.default === "" ? "–" : setting.default}</span>
        </p>
      )}
      {updated_at !== undefined && (
        <p>
          {t("updated")} <Time time={updated_at} />
          {updated_by !== undefined && (
            <>
              {" · "}
              <bdi data-raw="">{updated_by}</bdi>
            </>
          )}
        </p>
      )}
      {onReset && (
        <Button size="sm" variant="ghost" className="-ml-2.5" onClick={onReset}>
          {t("reset")}
        </Button>
      )}
    </div>
  );
}
