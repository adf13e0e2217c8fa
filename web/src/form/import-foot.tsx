import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";

interface Props {
  /** What is on show: where it comes from, what would change, what was done. */
  step: "source" | "look" | "done";
  /** Whether there is anything to compare. */
  hasSource: boolean;
  /** What is missing while there is nothing to compare, in other words than usual. */
  needs?: string | undefined;
  /** How much is ticked. */
  ticked: number;
  /** The verb on the button that does it, with the number: "Import 3 channels". */
  verb: string;
  busy: boolean;
  compare: () => Promise<void>;
  write: () => Promise<void>;
  restart: () => void;
  onClose: () => void;
}

/** The buttons of an import: compare, then do what is ticked, then close. */
export function ImportFoot(props: Props) {
  const { t } = useTranslation("common");
  const { step, busy } = props;
  if (step === "source") {
    return (
      <Button
        variant="primary"
        loading={busy}
        disabledReason={props.hasSource ? undefined : (props.needs ?? t("source.none"))}
        onClick={() => void props.compare()}
      >
        {t("source.compare")}
      </Button>
    );
  }
  if (step === "look") {
    return (
      <>
        <Button onClick={props.restart} disabled={busy}>
          {t("back")}
        </Button>
        <Button
          variant="primary"
          loading={busy}
          disabledReason={props.ticked === 0 ? t("source.none_ticked") : undefined}
          onClick={() => void props.write()}
        >
          {props.verb}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button onClick={props.restart}>{t("source.another")}</Button>
      <Button variant="primary" onClick={props.onClose}>
        {t("done")}
      </Button>
    </>
  );
}
