import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { TokenView, UserModel } from "@/api/types";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { ErrorGuide, type GuideLinks } from "./error-guide";
import { FirstRequest, type Waiting } from "./first-request";
import { Pickers } from "./pickers";
import { RecipeView } from "./recipe-view";
import { keyPlaceholder } from "./templates/target";
import { useChoice } from "./use-choice";

export interface ConnectPanelProps {
  /** The address that clients are to use. */
  origin: string;
  models: readonly UserModel[];
  keys: readonly TokenView[];
  /** The key to begin with. */
  keyId?: string | undefined;
  /** The client to begin with. */
  client?: string | undefined;
  /** The model to begin with. */
  model?: string | undefined;
  /** A key that is known in full, because it was just made. */
  made?: { id: string; key: string } | undefined;
  /** Fetches a key in full; left out where that is not allowed. */
  onReveal?: ((keyId: string) => Promise<string>) | undefined;
  /** What the listener knows of the first request; left out where nothing listens. */
  waiting?: Waiting | undefined;
  onTest?: ((keyId: string, model: string) => void) | undefined;
  testing?: boolean | undefined;
  links?: GuideLinks | undefined;
  /** Where the error guide would be too much, in the wizard. */
  withoutGuide?: boolean | undefined;
}

/** Choose a client, a shell, a key and a model; paste what comes out; see the first request arrive. */
export function ConnectPanel(props: ConnectPanelProps) {
  const { t } = useTranslation("connect");
  const choice = useChoice(props);
  const [masked, setMasked] = useState(true);
  if (props.models.length === 0) return <Empty title={t("picker.no_models")} />;
  const { template, target } = choice;
  const { waiting, onTest } = props;
  return (
    <div className="space-y-8">
      <Pickers
        choice={choice}
        keys={props.keys}
        masked={masked}
        onMask={setMasked}
        canReveal={props.onReveal !== undefined}
      />
      {target ? (
        <>
          <RecipeView
            template={template}
            target={target}
            masked={masked && target.key !== keyPlaceholder}
          />
          <p className="text-fg-3 text-xs">{t(`evidence.${template.evidence}`)}</p>
          {waiting && (
            <FirstRequest
              waiting={waiting}
              testing={props.testing ?? false}
              {...(onTest &&
                choice.keyId !== undefined && {
                  onTest: () => onTest(choice.keyId ?? "", target.models[0].name),
                })}
            />
          )}
        </>
      ) : (
        <Notice tone="info">
          {t("picker.no_model", {
            client: template.name,
            dialects: template.dialects.join(", "),
          })}
        </Notice>
      )}
      {!props.withoutGuide && <ErrorGuide {...(props.links && { links: props.links })} />}
    </div>
  );
}
