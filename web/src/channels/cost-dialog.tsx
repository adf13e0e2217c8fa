import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { BindingCost } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useRuleText } from "@/form/rule-text";
import { formatUsdInFull } from "@/format/money";
import { costDraftOf, costFields, costMistake, costOf } from "./cost";

/** A price of its own in a few words; `undefined` where there is none. */
export function useCostText(): (cost: BindingCost | undefined) => string | undefined {
  const { t, i18n } = useTranslation("channels");
  return (cost) => {
    const { input_usd_per_1m: input, output_usd_per_1m: output } = cost ?? {};
    if (input === undefined || output === undefined) return undefined;
    return t("cost.own", {
      input: formatUsdInFull(input, i18n.language),
      output: formatUsdInFull(output, i18n.language),
    });
  };
}

/** What the vendor is paid for one model, in place of a part of its price. It holds once the models are saved. */
export function CostDialog(props: {
  model: string;
  cost: BindingCost | undefined;
  onCost: (cost: BindingCost | undefined) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation(["channels", "common"]);
  const { model, cost, onCost, onClose } = props;
  const words = useRuleText();
  const [draft, setDraft] = useState(() => costDraftOf(cost));
  const [isTried, setIsTried] = useState(false);
  const mistakes = costFields.map((field) => costMistake(draft, field));
  const textOf = (mistake: (typeof mistakes)[number]) =>
    mistake === "half" ? t("channels:cost.half") : words(mistake);
  function apply() {
    setIsTried(true);
    if (mistakes.some((mistake) => mistake !== undefined)) return;
    onCost(costOf(draft, cost));
    onClose();
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        keepOpen
        title={t("channels:cost.of", { model })}
        description={t("channels:cost.own_about")}
        footer={
          <>
            <DialogClose asChild>
              <Button>{t("common:cancel")}</Button>
            </DialogClose>
            <Button variant="primary" onClick={apply}>
              {t("channels:cost.apply")}
            </Button>
          </>
        }
      >
        <div className="grid gap-3 sm:grid-cols-2">
          {costFields.map((field, at) => (
            <Field
              key={field}
              label={t(`channels:cost.field.${field}`)}
              unit={t("channels:cost.unit")}
              error={isTried ? textOf(mistakes[at]) : undefined}
              optional={at > 1}
            >
              <Input
                inputMode="decimal"
                className="num text-right"
                value={draft[field]}
                onChange={(event) => setDraft({ ...draft, [field]: event.target.value })}
              />
            </Field>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
}
