import { Check, Copy } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useCopy } from "@/components/use-copy";
import { Button } from "./button";
import { Input } from "./input";
import { Popover, PopoverAnchor, PopoverContent } from "./popover";
import { Tooltip } from "./tooltip";

interface Props {
  text: string;
  /** What is copied, for the reader: "the key". */
  what?: string;
  /** Only the icon, for rows. */
  iconOnly?: boolean;
  variant?: "primary" | "outline" | "ghost";
  size?: "sm" | "md";
}

/** Copies a text. Where the browser does not allow it, the text is shown selected, to be copied by hand. */
export function CopyButton({ text, what, iconOnly, variant = "ghost", size = "sm" }: Props) {
  const { t } = useTranslation("common");
  const { state, copy, reset } = useCopy();
  const name = what === undefined ? t("copy") : t("copy_what", { what });
  const icon = state === "copied" ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />;
  const button = (
    <Button
      variant={variant}
      size={size}
      icon={icon}
      aria-label={name}
      className={iconOnly ? (size === "sm" ? "w-7 px-0" : "w-8 px-0") : undefined}
      onClick={() => copy(text)}
    >
      {!iconOnly && (state === "copied" ? t("copied") : t("copy"))}
    </Button>
  );
  return (
    <Popover open={state === "failed"} onOpenChange={(open) => !open && reset()}>
      <PopoverAnchor asChild>
        <span className="inline-flex">
          {iconOnly ? <Tooltip text={name}>{button}</Tooltip> : button}
          <span role="status" className="sr-only">
            {state === "copied" ? t("copied") : ""}
          </span>
        </span>
      </PopoverAnchor>
      <PopoverContent aria-label={t("copy_failed")} className="w-80 space-y-2">
        <p className="text-fg-2 text-sm">{t("copy_failed_hint")}</p>
        <Input
          readOnly
          value={text}
          aria-label={name}
          onFocus={(event) => event.currentTarget.select()}
          className="font-mono text-sm"
        />
      </PopoverContent>
    </Popover>
  );
}
