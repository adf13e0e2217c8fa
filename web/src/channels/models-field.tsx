import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { ChannelKind, UpstreamModel } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { ListInput } from "@/form/list-input";
import type { Binding } from "./channel";
import { FailureNotice, knownFailure } from "./failure-notice";
import { ModelPicker } from "./model-picker";
import { channels } from "./queries";
import { withChosen } from "./quick-draft";
import { isHttpUrl } from "./resolved-view";

interface Props {
  kind: ChannelKind;
  baseUrl: string;
  /** The vendor is asked with it. */
  apiKey: string | undefined;
  /** What it is asked through. */
  way?: { proxy?: string };
  value: readonly Binding[];
  onChange: (models: Binding[]) => void;
}

/** The models of a new channel: fetched from the vendor and ticked, or written down. */
export function ModelsField({ kind, baseUrl, apiKey, way, value, onChange }: Props) {
  const { t } = useTranslation("channels");
  const [items, setItems] = useState<readonly UpstreamModel[]>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const chosen = new Set(value.map(({ upstream }) => upstream));
  const listed = new Set(items?.map(({ id }) => id));

  async function fetchModels(key: string) {
    setBusy(true);
    setError(undefined);
    try {
      const found = await channels.upstreamModels({ kind, base_url: baseUrl, key, ...way });
      setItems(found.items);
      const recommended = found.items.filter((one) => one.recommended).map(({ id }) => id);
      onChange(withChosen(value, new Set([...chosen, ...recommended])));
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  const why = !isHttpUrl(baseUrl)
    ? t("add.test_needs_url")
    : apiKey === undefined
      ? t("add.test_needs_key")
      : undefined;
  const others = value.filter(({ upstream }) => !listed.has(upstream));
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 font-medium text-sm">
        {t("column.models")}{" "}
        {value.length > 0 && (
          <span className="font-normal text-fg-3">
            {t("picker.chosen", { count: value.length })}
          </span>
        )}
      </legend>
      <Button
        loading={busy}
        disabledReason={why}
        onClick={() => apiKey !== undefined && void fetchModels(apiKey)}
      >
        {items ? t("add.fetch_again") : t("add.fetch")}
      </Button>
      <FetchProblem error={error} />
      {items && (
        <ModelPicker
          items={items}
          chosen={chosen}
          onChange={(ids) => onChange(withChosen(value, ids))}
        />
      )}
      <Field label={items ? t("add.other_models") : t("add.models_by_name")} optional>
        <ListInput
          value={others.map(({ upstream }) => upstream)}
          onChange={(names) =>
            onChange(
              withChosen(value, new Set([...[...chosen].filter((id) => listed.has(id)), ...names])),
            )
          }
        />
      </Field>
    </fieldset>
  );
}

/** Why a vendor's list could not be had: in the words of a test, where the server tells which failure it was. */
export function FetchProblem({ error }: { error: unknown }) {
  if (!error) return null;
  const problem = asProblem(error);
  const { failure } = problem.params;
  if (failure === undefined) return <ProblemNotice error={error} />;
  return (
    <div role="alert">
      <FailureNotice failure={{ code: knownFailure(failure), detail: problem.detail }} />
    </div>
  );
}
