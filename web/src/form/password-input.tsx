import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";

/** A password: hidden until asked for, and with a word when Caps Lock is on. Pasting is welcome. */
export function PasswordInput({ className, onBlur, ...rest }: ComponentProps<typeof Input>) {
  const { t } = useTranslation("common");
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const watch = (event: KeyboardEvent) =>
    setCapsLock(event.getModifierState?.("CapsLock") ?? false);
  return (
    <>
      <div className="relative">
        <Input
          {...rest}
          type={shown ? "text" : "password"}
          autoCapitalize="none"
          onKeyDown={watch}
          onKeyUp={watch}
          onBlur={(event) => {
            setCapsLock(false);
            onBlur?.(event);
          }}
          className={cn("pr-9 pointer-coarse:pr-11", className)}
        />
        <IconButton
          plain
          size="sm"
          label={shown ? t("password.hide") : t("password.show")}
          onClick={() => setShown(!shown)}
          className="absolute top-0.5 right-0.5 pointer-coarse:top-0 pointer-coarse:right-0"
          icon={shown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
        />
      </div>
      <p role="status" className="text-warn text-xs">
        {capsLock ? t("password.caps_lock") : ""}
      </p>
    </>
  );
}
