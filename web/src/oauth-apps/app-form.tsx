import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { MadeOauthApp, OauthAppView } from "@/api/types";
import { toast } from "@/components/toast";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Choice } from "@/form/choice";
import { DirtyGuard } from "@/form/dirty-guard";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { spanUnits } from "@/format/span";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { ConsentPreview } from "./consent-preview";
import { atFields, draftOf, type FormDraft, formDraftOf, longestName, places } from "./draft";
import { oauthApps, refreshApps } from "./queries";
import { RedirectFields } from "./redirect-fields";
import { longestAddress } from "./redirect-uri";
import { ScopeFields } from "./scope-fields";
import { useSchema } from "./use-schema";

interface Props {
  /** Left out for a new one. */
  app?: OauthAppView;
  /** With what was made, where it is new. */
  onDone: (made?: MadeOauthApp) => void;
}

/** Who an app is, where its users are sent back to, and what it may ask them for. */
export function AppForm({ app, onDone }: Props) {
  const { t } = useTranslation(["oauth_apps", "common"]);
  const queries = useQueryClient();
  const known = useReauthenticated();
  // The list may come anew while somebody types.
  const [before] = useState(app);
  const form = useForm<FormDraft, FormDraft>(useSchema() as never, formDraftOf(before));
  const { isDirty, isSubmitting } = form.formState;

  async function save(values: FormDraft) {
    const draft = draftOf(values);
    try {
      if (before) {
        await known(() => oauthApps.change(before.id, draft));
        toast.done(t("oauth_apps:saved", { name: draft.name }));
        onDone();
      } else {
        onDone(await known(() => oauthApps.make(draft)));
      }
    } catch (error) {
      if (error instanceof GivenUp) return;
      throw atFields(asProblem(error));
    }
    await refreshApps(queries);
  }

  return (
    <Form
      form={form}
      onSubmit={save}
      words={({ code }) =>
        code === "conflict"
          ? t("oauth_apps:form.name_taken")
          : code === "too_large"
            ? t("oauth_apps:form.too_many")
            : undefined
      }
      autoComplete="off"
      className="space-y-6"
    >
      {/* Once it is saved, the sheet closes by itself. */}
      <DirtyGuard dirty={isDirty && !isSubmitting} closesWithQuery />
      <div className="space-y-4">
        <FormField
          name="name"
          label={t("oauth_apps:column.name")}
          help={t("oauth_apps:form.name_help")}
        >
          <Input autoFocus={!before} maxLength={longestName} />
        </FormField>
        <FormField
          name="publisher"
          label={t("oauth_apps:form.publisher")}
          help={t("oauth_apps:form.publisher_help")}
          optional
        >
          <Input maxLength={longestName} />
        </FormField>
        <FormField name="homepage" label={t("oauth_apps:form.homepage")} optional>
          <Input
            inputMode="url"
            autoCapitalize="none"
            maxLength={longestAddress}
            placeholder="https://app.example"
          />
        </FormField>
      </div>
      <RedirectFields />
      <ScopeFields />
      {before ? (
        <p className="text-fg-2">{t(`oauth_apps:form.place_is.${form.watch("place")}`)}</p>
      ) : (
        <Choice
          name="place"
          label={t("oauth_apps:form.place")}
          options={places.map((value) => ({ value, label: t(`oauth_apps:form.places.${value}`) }))}
          help={t(`oauth_apps:form.place_help.${form.watch("place")}`)}
        />
      )}
      <Life />
      <Checkbox
        {...form.register("enabled")}
        label={t("oauth_apps:form.enabled")}
        help={t("oauth_apps:form.enabled_help")}
      />
      <ConsentPreview />
      <SubmitButton>{before ? t("common:save") : t("oauth_apps:form.verb")}</SubmitButton>
    </Form>
  );
}

/** How long access tokens are good. */
function Life() {
  const { t } = useTranslation("oauth_apps");
  return (
    <div className="grid max-w-100 grid-cols-[minmax(0,1fr)_7rem] gap-2">
      <FormField name="life.count" label={t("form.life")} help={t("form.life_help")}>
        <Input inputMode="numeric" className="num" maxLength={8} />
      </FormField>
      <FormField name="life.unit" label={t("form.unit")}>
        <Select>
          {spanUnits.map((unit) => (
            <option key={unit} value={unit}>
              {t(`form.units.${unit}`)}
            </option>
          ))}
        </Select>
      </FormField>
    </div>
  );
}
