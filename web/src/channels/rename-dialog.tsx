import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { Binding } from "./channel";
import { type Pattern, renamed, renamings } from "./pattern";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  models: readonly Binding[];
  onRenamed: (models: Binding[]) => void;
}

/** Changes the public names by a pattern; what it would do is shown before it is done. */
export function RenameDialog({ open, onOpenChange, models, onRenamed }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open && (
        <Tester
          models={models}
          onRenamed={(next) => {
            onRenamed(next);
            onOpenChange(false);
          }}
        />
      )}
    </Dialog>
  );
}

function Tester({ models, onRenamed }: Pick<Props, "models" | "onRenamed">) {
  const { t } = useTranslation(["channels", "common"]);
  const [pattern, setPattern] = useState<Pattern>({ from: "*", to: "*" });
  const results = renamings(models, pattern);
  const sound = results.filter(({ mistake }) => mistake === undefined);
  const examples: readonly (Pattern & { key: "prefix" | "add" | "date" })[] = [
    { key: "prefix", from: "models/*", to: "*" },
    { key: "add", from: "*", to: "prod-*" },
    { key: "date", from: "*-20*", to: "*" },
  ];
  return (
    <DialogContent
      keepOpen
      title={t("channels:rename.title")}
      description={t("channels:rename.about")}
      className="max-w-160"
      footer={
        <>
          <DialogClose asChild>
            <Button>{t("common:cancel")}</Button>
          </DialogClose>
          <Button
            variant="primary"
            disabledReason={sound.length === 0 ? t("channels:rename.nothing") : undefined}
            onClick={() => onRenamed(renamed(models, pattern))}
          >
            {t("channels:rename.apply", { count: sound.length })}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t("channels:rename.from")}>
            <Input
              value={pattern.from}
              className="font-mono"
              onChange={(event) => setPattern({ ...pattern, from: event.target.value })}
            />
          </Field>
          <Field label={t("channels:rename.to")}>
            <Input
              value={pattern.to}
              className="font-mono"
              onChange={(event) => setPattern({ ...pattern, to: event.target.value })}
            />
          </Field>
        </div>
        <div className="flex flex-wrap gap-2">
          {examples.map(({ key, from, to }) => (
            <Button key={key} size="sm" onClick={() => setPattern({ from, to })}>
              {t(`channels:rename.example.${key}`)}
            </Button>
          ))}
        </div>
        <p role="status" className="text-fg-2 text-sm">
          {t("channels:rename.fits", { count: results.length, all: models.length })}
        </p>
        {results.length > 0 && (
          <ul className="max-h-60 divide-y divide-line overflow-y-auto rounded-panel border border-line">
            {results.map(({ upstream, before, after, mistake }) => (
              <li key={upstream} className="px-3 py-1.5 text-sm">
                <span data-raw="" className="font-mono [overflow-wrap:anywhere]">
                  <span className="text-fg-3">{before}</span>
                  {" → "}
                  {after}
                </span>
                {mistake && (
                  <span className="ml-2 text-err">{t(`channels:rename.mistake.${mistake}`)}</span>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </DialogContent>
  );
}
