import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { NotificationKind, NotificationTargetView } from "@/api/types";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Choice } from "@/form/choice";
import { DirtyGuard } from "@/form/dirty-guard";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { languageNames, languages } from "@/i18n";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { mostTargets, notifications, type Owner, refreshAll } from "./api";
import { atFields, freshSettings, kindsOf, longestName, type SettingsField } from "./settings";
import { SettingsFields } from "./settings-fields";
import { changedTo, madeOf, type TargetDraft, targetDraftOf } from "./target-draft";
import { TargetPlace } from "./target-place";
import { useSchema } from "./use-schema";

interface Props {
  owner: Owner;
  /** Left out for a new one. */
  target?: NotificationTargetView;
  /** With what was made, where it is new. */
  onDone: (made?: NotificationTargetView) => void;
}

/** What a target is called, where it is, and in which language it is told. */
export function TargetForm({ owner, target, onDone }: Props) {
  const { t, i18n } = useTranslation(["notifications", "common"]);
  const queries = useQueryClient();
  const known = useReauthenticated();
  // The list may come anew while somebody types.
  const [before] = useState(target);
  const [first] = useState(() =>
    targetDraftOf(owner, target, languages.find((one) => one === i18n.language) ?? "en"),
  );
  const form = useForm<TargetDraft, TargetDraft>(useSchema() as never, first);
  const { isDirty, isSubmitting } = form.formState;
  const kind = form.watch("kind");

  /** Nothing typed for one place goes to another. */
  function clear(next: NotificationKind) {
    for (const [field, value] of Object.entries(freshSettings(next))) {
      form.setValue(field as SettingsField, value as string);
    }
    form.clearErrors();
  }

  async function save(values: TargetDraft) {
    try {
      if (before) {
        await known(() => notifications.changeTarget(owner, before.id, changedTo(values)));
        toast.done(t("notifications:saved", { name: values.name }));
        onDone();
      } else {
        onDone(await known(() => notifications.makeTarget(owner, madeOf(values))));
      }
    } catch (error) {
      if (error instanceof GivenUp) return;
      throw atFields(asProblem(error));
    }
    await refreshAll(queries, owner);
  }

  return (
    <Form
      form={form}
      onSubmit={save}
      words={({ code }) =>
        code === "conflict"
          ? t("notifications:form.name_taken")
          : code === "too_large"
            ? t("notifications:form.too_many", { count: mostTargets[owner] })
            : undefined
      }
      autoComplete="off"
      className="space-y-6"
    >
      {/* Once it is saved, the sheet closes by itself. */}
      <DirtyGuard dirty={isDirty && !isSubmitting} closesWithQuery />
      <div className="space-y-4">
        {before ? (
          <TargetPlace target={before} />
        ) : (
          <FormField name="kind" label={t("notifications:column.kind")}>
            <Select
              onChange={({ currentTarget }) => clear(currentTarget.value as NotificationKind)}
            >
              {kindsOf[owner].map((one) => (
                <option key={one} value={one}>
                  {t(`notifications:kind.${one}`)}
                </option>
              ))}
            </Select>
          </FormField>
        )}
        <FormField
          name="name"
          label={t("notifications:column.name")}
          help={t("notifications:form.name_help")}
        >
          <Input autoFocus={!before} maxLength={longestName} />
        </FormField>
      </div>
      {before && (
        <Button
          aria-expanded={form.watch("replaces")}
          onClick={() => {
            clear(kind);
            form.setValue("replaces", !form.getValues("replaces"), { shouldDirty: true });
          }}
        >
          {t(
            form.watch("replaces")
              ? "notifications:form.keep"
              : kind === "email"
                ? "notifications:form.replace_addresses"
                : "notifications:form.replace",
          )}
        </Button>
      )}
      {form.watch("replaces") && <SettingsFields kind={kind} />}
      <Choice
        name="language"
        label={t("notifications:form.language")}
        options={languages.map((value) => ({
          value,
          label: <span lang={value}>{languageNames[value]}</span>,
        }))}
      />
      <Checkbox
        {...form.register("enabled")}
        label={t("notifications:form.enabled")}
        help={t("notifications:form.enabled_help")}
      />
      <SubmitButton>{before ? t("common:save") : t("notifications:form.verb")}</SubmitButton>
    </Form>
  );
}
