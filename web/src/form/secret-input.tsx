import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { useControl } from "@/components/ui/field-context";
import { PasswordInput } from "./password-input";

interface Props {
  /** The end of the stored value, `9f3a`; `undefined` when none is stored. */
  hint: string | undefined;
  /** Whether one is stored whose end the server does not tell. */
  isSet?: boolean;
  /** What is to be stored; `undefined` leaves what is there. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  name?: string;
}

/** A secret that can be set and replaced, never read back. */
export function SecretInput({ hint, isSet = hint !== undefined, value, onChange, name }: Props) {
  const { t } = useTranslation("common");
  const [replacing, setReplacing] = useState(!isSet);
  const control = useControl<{ id?: string }>({});
  if (!replacing) {
    return (
      <div className="flex min-h-8 items-center gap-3">
        <span>
          {t("secret.set")}
          {hint !== undefined && (
            <>
              {" · "}
              {t("secret.ends", { hint: `…${hint}` })}
            </>
          )}
        </span>
        <Button size="sm" id={control.id} onClick={() => setReplacing(true)}>
          {t("replace")}
        </Button>
      </div>
    );
  }
  return (
    <div className="space-y-1">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <PasswordInput
            name={name}
            value={value ?? ""}
            autoFocus={isSet}
            autoComplete="new-password"
            className="font-mono"
            onChange={(event) => onChange(event.target.value || undefined)}
          />
        </div>
        {isSet && (
          <Button
            variant="ghost"
            onClick={() => {
              onChange(undefined);
              setReplacing(false);
            }}
          >
            {t("cancel")}
          </Button>
        )}
      </div>
      {isSet && <p className="text-fg-3 text-xs">{t("secret.stays")}</p>}
    </div>
  );
}
