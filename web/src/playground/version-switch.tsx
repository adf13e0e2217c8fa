import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/ui/icon-button";

interface Props {
  /** The id of the turn that is shown. */
  id: string;
  /** The ids of all versions, the oldest first. */
  versions: readonly string[];
  disabled: boolean;
  onChoose: (id: string) => void;
}

/** `2 / 3`, with a way to the others. It goes round, so that no end takes the focus away. */
export function VersionSwitch({ id, versions, disabled, onChoose }: Props) {
  const { t } = useTranslation("playground");
  const at = versions.indexOf(id);
  if (versions.length < 2 || at < 0) return null;
  const go = (step: number) => {
    const next = versions.at((at + step) % versions.length);
    if (next !== undefined) onChoose(next);
  };
  return (
    <fieldset className="-ml-1.5 flex items-center text-fg-2">
      <legend className="sr-only">{t("version.label")}</legend>
      <IconButton
        size="sm"
        plain
        label={t("version.previous")}
        icon={<ChevronLeft aria-hidden="true" />}
        disabled={disabled}
        onClick={() => go(-1)}
      />
      <span role="status" className="num whitespace-nowrap text-xs">
        <span aria-hidden="true">{`${at + 1} / ${versions.length}`}</span>
        <span className="sr-only">
          {t("version.which", { number: at + 1, count: versions.length })}
        </span>
      </span>
      <IconButton
        size="sm"
        plain
        label={t("version.next")}
        icon={<ChevronRight aria-hidden="true" />}
        disabled={disabled}
        onClick={() => go(1)}
      />
    </fieldset>
  );
}
