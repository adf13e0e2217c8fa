import { Pencil } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Skeleton } from "@/components/ui/skeleton";
import { useBudget } from "./use-budget";

const BudgetForm = lazy(() => import("./budget-form"));

/** Opens the budget for change where it is shown; nothing is saved until asked for. */
export function BudgetEditor() {
  const { t } = useTranslation("dashboard");
  const [budget] = useBudget();
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        {budget === undefined ? (
          <Button size="sm">{t("month.set_budget")}</Button>
        ) : (
          <IconButton
            size="sm"
            label={t("month.change_budget")}
            icon={<Pencil aria-hidden="true" />}
          />
        )}
      </PopoverTrigger>
      <PopoverContent aria-label={t("month.budget_title")} className="w-72">
        {open && (
          <Suspense fallback={<Skeleton className="h-32 w-full" />}>
            <BudgetForm onDone={() => setOpen(false)} />
          </Suspense>
        )}
      </PopoverContent>
    </Popover>
  );
}
