import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will happen, with numbers where there are any. */
  consequence: ReactNode;
  /** The verb on the button: "Disable channel". */
  verb: string;
  /** For what cannot be taken back: this name must be typed first. */
  typedName?: string | undefined;
  /** Does it. The dialog closes when it is done, and shows what went wrong otherwise. */
  onConfirm: () => Promise<unknown>;
  /** Not for the deeds that destroy. */
  harmless?: boolean;
  cancel?: string;
}

/** A question before a deed that is hard to take back. */
export function ConfirmDialog(props: Props) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      {props.open && <Question {...props} />}
    </Dialog>
  );
}

function Question(props: Props) {
  const { t } = useTranslation("common");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { typedName } = props;
  const ready = typedName === undefined || typed.trim() === typedName;

  async function carryOut() {
    if (!ready || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await props.onConfirm();
      props.onOpenChange(false);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  }

  return (
    <DialogContent
      title={props.title}
      description={props.consequence}
      keepOpen={typed !== ""}
      footer={
        <>
          <DialogClose asChild>
            <Button>{props.cancel ?? t("cancel")}</Button>
          </DialogClose>
          <Button
            variant={props.harmless ? "primary" : "danger"}
            loading={busy}
            disabledReason={
              ready ? undefined : t("form.type_to_confirm", { name: typedName ?? "" })
            }
            onClick={carryOut}
          >
            {props.verb}
          </Button>
        </>
      }
    >
      {(typedName !== undefined || error !== undefined) && (
        <div className="space-y-3">
          {typedName !== undefined && (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                void carryOut();
              }}
            >
              <Field label={t("form.type_to_confirm", { name: typedName })}>
                <Input value={typed} onChange={(event) => setTyped(event.target.value)} />
              </Field>
            </form>
          )}
          <ProblemNotice error={error} />
        </div>
      )}
    </DialogContent>
  );
}
