import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { refreshAnnouncements } from "@/announcements/queries";
import { severities } from "@/announcements/severity-badge";
import { textFor } from "@/announcements/text-for";
import { asProblem } from "@/api/problem";
import type { AdminAnnouncementView } from "@/api/types";
import { toast } from "@/components/toast";
import { Checkbox } from "@/components/ui/checkbox";
import { useTimeZone } from "@/components/value/time-zone";
import { Choice } from "@/form/choice";
import { DirtyGuard } from "@/form/dirty-guard";
import { Form } from "@/form/form";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { UserGroupsField } from "@/form/user-groups-field";
import { atFields, audiences, draftOf, type FormDraft, formDraftOf } from "./draft";
import { office } from "./queries";
import { TextFields } from "./text-fields";
import { TimeFields } from "./time-fields";
import { useSchema } from "./use-schema";

interface Props {
  /** Left out for a new one. */
  announcement?: AdminAnnouncementView;
  onDone: () => void;
}

/** What an announcement says, to whom, and from when until when. */
export function AnnouncementForm({ announcement, onDone }: Props) {
  const { t, i18n } = useTranslation(["announcement_office", "announcements", "common"]);
  const queries = useQueryClient();
  const zone = useTimeZone();
  // The list may come anew while somebody types: what is kept is told from what they began with.
  const [before] = useState(announcement);
  const form = useForm<FormDraft, FormDraft>(useSchema() as never, formDraftOf(before, zone));
  const { isDirty, isSubmitting } = form.formState;

  async function save(values: FormDraft) {
    const draft = draftOf(values, before, zone);
    try {
      await (before ? office.change(before.id, draft) : office.make(draft));
    } catch (error) {
      throw atFields(asProblem(error));
    }
    const { title } = textFor(draft.texts, i18n.language);
    toast.done(t(before ? "announcement_office:saved" : "announcement_office:made", { title }));
    onDone();
    await refreshAnnouncements(queries);
  }

  return (
    <Form
      form={form}
      onSubmit={save}
      words={({ code }) =>
        code === "too_large" ? t("announcement_office:form.too_many") : undefined
      }
      autoComplete="off"
      className="space-y-6"
    >
      {/* Once it is saved, the sheet closes by itself. */}
      <DirtyGuard dirty={isDirty && !isSubmitting} closesWithQuery />
      <TextFields />
      <Choice
        name="severity"
        label={t("announcements:column.severity")}
        options={severities.map((value) => ({
          value,
          label: t(`announcements:severity.${value}`),
        }))}
        help={t(`announcement_office:form.severity_help.${form.watch("severity")}`)}
      />
      <div className="space-y-2">
        <Checkbox
          {...form.register("pinned")}
          label={t("announcement_office:form.pinned")}
          help={t("announcement_office:form.pinned_help")}
        />
        <Checkbox
          {...form.register("must_acknowledge")}
          label={t("announcement_office:form.must_acknowledge")}
          help={t("announcement_office:form.must_acknowledge_help")}
        />
      </div>
      <div className="space-y-2">
        <Choice
          name="audience"
          label={t("announcement_office:column.audience")}
          options={audiences.map((value) => ({
            value,
            label: t(`announcement_office:form.audiences.${value}`),
          }))}
        />
        {form.watch("audience") === "groups" && (
          <UserGroupsField
            name="user_groups"
            legend={t("announcement_office:form.groups")}
            isLegendHidden
            failed={t("announcement_office:form.groups_failed")}
          />
        )}
      </div>
      <TimeFields />
      <SubmitButton>
        {form.watch("start") === "now" ? t("announcement_office:form.publish") : t("common:save")}
      </SubmitButton>
    </Form>
  );
}
