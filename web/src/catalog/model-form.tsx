import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Tagged } from "@/api/client";
import { asProblem } from "@/api/problem";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { isEnabled, type Model } from "@/config/objects";
import { DirtyGuard } from "@/form/dirty-guard";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { useForm } from "@/form/use-form";
import { useMay } from "@/session/use-me";
import { hasPrice, type ModelDraft, settled, useModelChanges } from "./model-changes";
import { ModelFoot } from "./model-foot";
import { modelSchema } from "./model-schema";
import { priceDraftOf } from "./price";
import { PriceFields } from "./price-fields";
import { lastChangeOf, type ModelChange, modelQuery, models, refreshModels } from "./queries";
import { type Newer, StaleNotice } from "./stale-notice";
import { termsDraftOf, termsOf } from "./terms";

interface Props {
  /** Left out for a new model. */
  stored?: Tagged<Model>;
  onDone: (name: string) => void;
}

/** The fields of a model. Only what was changed is sent, with the tag of the version it was changed from. */
export function ModelForm({ stored, onDone }: Props) {
  const { t } = useTranslation("catalog");
  const queries = useQueryClient();
  const mayPrice = useMay("prices.write");
  const mayWrite = useMay("channels.write");
  const [base, setBase] = useState(stored);
  const [newer, setNewer] = useState<Newer>();
  const form = useForm<ModelDraft, ModelDraft>(modelSchema as never, draftOf(base?.value));
  const draft = form.watch();
  const before = draftOf(base?.value);
  const after = settled(before, draft);
  const changes = useModelChanges(before, after);
  const isDirty = changes.length > 0;

  async function save(given: ModelDraft) {
    const values = { ...settled(before, given), pin: null };
    if (base === undefined) {
      try {
        await models.make(values.name, changeOf(before, values));
      } catch (error) {
        if (asProblem(error).code !== "conflict") throw error;
        form.setError("name", { message: t("make.taken") }, { shouldFocus: true });
        return;
      }
    } else {
      const { value, etag } = base;
      try {
        await models.put(value.name, changeOf(before, values), etag);
      } catch (error) {
        if (asProblem(error).code !== "changed") throw error;
        // What they made of it is shown beside the buttons; a model that is gone is told as usual.
        const [theirs, entry] = await Promise.all([
          queries.fetchQuery({ ...modelQuery(value.name), staleTime: 0 }),
          lastChangeOf(value.name),
        ]);
        setNewer({ theirs, by: entry?.actor });
        return;
      }
    }
    form.reset(values);
    const { terms, pin: _, ...rest } = values;
    const price_terms = termsOf(terms);
    setBase((now) => now && { ...now, value: { ...now.value, ...rest, price_terms } });
    await refreshModels(queries);
    onDone(values.name);
  }

  const take = (theirs: Tagged<Model>, keep: boolean) => {
    const [was, mine] = [before, form.getValues()];
    setBase(theirs);
    setNewer(undefined);
    form.reset(draftOf(theirs.value));
    if (!keep) return;
    for (const key of Object.keys(was) as (keyof ModelDraft)[]) {
      if (differs(mine[key], was[key])) form.setValue(key, mine[key], { shouldDirty: true });
    }
  };

  return (
    <Form form={form} onSubmit={save} autoComplete="off">
      {/* Once the model is made, the page goes on to it by itself. */}
      <DirtyGuard dirty={isDirty && !form.formState.isSubmitting} closesWithQuery />
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField
          name="name"
          label={t("column.name")}
          help={t(base ? "field.name_fixed" : "field.name_help")}
        >
          <Input
            className="font-mono"
            maxLength={255}
            autoCapitalize="none"
            readOnly={base !== undefined}
            autoFocus={base === undefined}
          />
        </FormField>
        <FormField name="owner" label={t("column.owner")} help={t("field.owner_help")} optional>
          <Input maxLength={128} autoCapitalize="none" readOnly={!mayWrite} />
        </FormField>
      </div>
      <Field label={t("field.enabled")} help={t("field.enabled_help")}>
        <Switch {...form.register("enabled")} disabled={!mayWrite} />
      </Field>
      <PriceFields before={before} draft={draft} fixed={!mayPrice} />
      {hasPrice(draft) && (
        <Field label={t("field.pinned")} help={t("field.pinned_help")}>
          <Switch
            checked={after.price_pinned}
            disabled={!mayPrice}
            onChange={(event) =>
              form.setValue("pin", event.currentTarget.checked, { shouldDirty: true })
            }
          />
        </Field>
      )}
      {newer && (
        <StaleNotice
          newer={newer}
          before={before}
          theirs={draftOf(newer.theirs.value)}
          onKeep={() => take(newer.theirs, true)}
          onTake={() => take(newer.theirs, false)}
        />
      )}
      {mayWrite && (
        <ModelFoot
          isNew={base === undefined}
          changes={changes}
          onDiscard={() => form.reset(before)}
        />
      )}
    </Form>
  );
}

function draftOf(model: Model | undefined): ModelDraft {
  return {
    name: model?.name ?? "",
    owner: model?.owner ?? "",
    enabled: model === undefined || isEnabled(model),
    ...priceDraftOf(model ?? {}),
    terms: termsDraftOf(model?.price_terms),
    price_pinned: model?.price_pinned ?? true,
    pin: null,
  };
}

/** By what they say: the terms are lists of their own in each draft. */
const differs = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other);

/** What differs, as the server takes it. */
function changeOf(before: ModelDraft, after: ModelDraft): ModelChange {
  const { name: _, terms, pin: __, ...rest } = after;
  const entries = Object.entries(rest).filter(
    ([key, value]) => before[key as keyof ModelDraft] !== value,
  );
  return {
    ...Object.fromEntries(entries),
    ...(differs(terms, before.terms) && { price_terms: termsOf(terms) }),
  };
}
