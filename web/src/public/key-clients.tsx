import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { dialects } from "@/api/words";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { Pickers } from "@/connect/pickers";
import { RecipeView } from "@/connect/recipe-view";
import { keyPlaceholder } from "@/connect/templates/target";
import { type UsableKey, type UsableModel, useChoice } from "@/connect/use-choice";
import { useOrigin } from "@/session/use-origin";
import type { CheckedKey } from "./key-page";
import { fetchModelNames } from "./queries";

/** Stands where the name of a model goes while none is known. Plain ASCII: every shell shows it. */
const modelPlaceholder = "MODEL_NAME";

/** The one key there is. */
const keyId = "entered";

/** Sets a client up with a key that was entered. */
export function KeyClients({ checked }: { checked: CheckedKey }) {
  const { t } = useTranslation("public");
  const { key, standing } = checked;
  // Not by the key: what a query is called by is kept.
  const place = useId();
  const models = useQuery({
    queryKey: ["public", "key", place],
    queryFn: ({ signal }) => fetchModelNames(key, signal),
    enabled: standing.models > 0,
    gcTime: 0,
    retry: false,
  });
  if (standing.models === 0) return <Empty title={t("key.no_models")} />;
  if (models.isPending) return <Skeleton className="h-64 w-full" />;
  const names = models.data ?? [];
  return (
    <div className="space-y-6">
      {names.length === 0 && (
        <Notice tone="info">{t("key.no_names", { name: modelPlaceholder })}</Notice>
      )}
      <Setup checked={checked} names={names.length > 0 ? names : [modelPlaceholder]} />
    </div>
  );
}

function Setup({ checked, names }: { checked: CheckedKey; names: readonly string[] }) {
  const { t } = useTranslation("connect");
  const [masked, setMasked] = useState(true);
  const { key, standing } = checked;
  // The list of models is narrowed by the rules already; their dialects are not.
  const { dialects: spoken } = standing.rules;
  const keys: UsableKey[] = [
    {
      ...standing,
      id: keyId,
      revealable: false,
      channel_groups: [],
      rules: spoken === undefined ? {} : { dialects: spoken },
    },
  ];
  const choice = useChoice({
    origin: useOrigin(),
    models: names.map(modelOf),
    keys,
    made: { id: keyId, key },
  });
  const { template, target } = choice;
  return (
    <div className="space-y-8">
      <Pickers choice={choice} keys={keys} masked={masked} onMask={setMasked} canReveal={false} />
      {target ? (
        <RecipeView
          template={template}
          target={target}
          masked={masked && target.key !== keyPlaceholder}
        />
      ) : (
        <Notice tone="info">
          {t("picker.no_model", {
            client: template.name,
            dialects: template.dialects.join(", "),
          })}
        </Notice>
      )}
    </div>
  );
}

/** Calls are translated, so that a model can be asked on each dialect; what the key may speak is its rules' business. */
const modelOf = (name: string): UsableModel => ({
  name,
  dialects: [...dialects],
  channel_groups: [],
});
