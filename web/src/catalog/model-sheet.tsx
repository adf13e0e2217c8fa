import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Tagged } from "@/api/client";
import { ErrorState } from "@/components/ui/error-state";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import type { Model } from "@/config/objects";
import type { ModelRow } from "./model";
import { ModelForm } from "./model-form";
import { PriceHistory } from "./price-history";
import { modelQuery, modelRowQuery } from "./queries";
import { ServedList } from "./served-list";

interface Props {
  /** The name of the model in the address, or `new`. */
  open: { name: string } | "new" | undefined;
  /** The rows of the list behind it. */
  items: readonly ModelRow[];
  onClose: () => void;
  /** A model was made. */
  onMade: (name: string) => void;
}

/** Makes a model, or changes one; nothing but its buttons closes the sheet. */
export function ModelSheet({ open, items, onClose, onMade }: Props) {
  const { t } = useTranslation("catalog");
  return (
    <Sheet open={open !== undefined} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open !== undefined && (
        <SheetContent
          keepOpen
          title={
            open === "new" ? (
              t("make.title")
            ) : (
              <code data-raw="" className="font-mono text-base">
                {open.name}
              </code>
            )
          }
        >
          {open === "new" ? (
            <ModelForm onDone={onMade} />
          ) : (
            <Stored key={open.name} name={open.name} items={items} onClose={onClose} />
          )}
        </SheetContent>
      )}
    </Sheet>
  );
}

/** The version that is changed is fetched first: the server refuses to write over a newer one. */
function Stored(props: { name: string; items: readonly ModelRow[]; onClose: () => void }) {
  const { name, items, onClose } = props;
  const stored = useQuery(modelQuery(name));
  const listed = items.find((row) => row.name === name);
  const own = useQuery({ ...modelRowQuery(name), enabled: listed === undefined });
  const row = listed ?? own.data ?? undefined;
  if (stored.data) return <Loaded stored={stored.data} row={row} onClose={onClose} />;
  if (stored.error) {
    return <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />;
  }
  return <Skeleton className="h-60" />;
}

function Loaded(props: { stored: Tagged<Model>; row: ModelRow | undefined; onClose: () => void }) {
  const { stored, row, onClose } = props;
  return (
    <div className="space-y-6">
      <ModelForm stored={stored} onDone={onClose} />
      {row && <ServedList row={row} />}
      <PriceHistory name={stored.value.name} />
    </div>
  );
}
