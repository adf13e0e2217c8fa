import { useTranslation } from "react-i18next";

import type { Dialect } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";

/** What to name in a request, to be copied. */
export function ModelName({ name }: { name: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code data-raw="" className="truncate font-mono text-sm">
        {name}
      </code>
      <CopyButton text={name} what={name} iconOnly />
    </span>
  );
}

/** The APIs that a model answers on. */
export function Dialects({ dialects }: { dialects: readonly Dialect[] }) {
  const { t } = useTranslation("models");
  return (
    <span className="inline-flex gap-1">
      {dialects.map((dialect) => (
        <Badge key={dialect}>{t(`dialect.${dialect}`)}</Badge>
      ))}
    </span>
  );
}
