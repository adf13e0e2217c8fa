import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ErrorState } from "@/components/ui/error-state";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { ruleQuery } from "./queries";
import { RuleForm } from "./rule-form";

interface Props {
  /** The name of the rule in the address, or `new`. */
  open: { name: string } | "new" | undefined;
  onClose: () => void;
}

/** Makes a rule, or changes one; nothing but its buttons closes the sheet. */
export function RuleSheet({ open, onClose }: Props) {
  const { t } = useTranslation("error_rules");
  return (
    <Sheet open={open !== undefined} onOpenChange={(isOpen) => !isOpen && onClose()}>
      {open !== undefined && (
        <SheetContent
          keepOpen
          title={open === "new" ? t("make.title") : <span data-raw="">{open.name}</span>}
        >
          {open === "new" ? (
            <RuleForm onDone={onClose} />
          ) : (
            <Stored key={open.name} name={open.name} onClose={onClose} />
          )}
        </SheetContent>
      )}
    </Sheet>
  );
}

/** The version that is changed is fetched first: the server refuses to write over a newer one. */
function Stored({ name, onClose }: { name: string; onClose: () => void }) {
  const stored = useQuery({ ...ruleQuery(name), staleTime: 0 });
  if (stored.data) return <RuleForm stored={stored.data} onDone={onClose} />;
  if (stored.error) {
    return <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />;
  }
  return <Skeleton className="h-60" />;
}
