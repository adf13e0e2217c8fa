import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type UseFormReturn, useController } from "react-hook-form";
import { useTranslation } from "react-i18next";

import type { Tagged } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { ErrorRuleView } from "@/api/types";
import { dialects } from "@/api/words";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { TimeAgo } from "@/components/value/time-ago";
import { channelsQuery } from "@/config/queries";
import { DirtyGuard } from "@/form/dirty-guard";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { FormList } from "@/form/form-list";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useMay } from "@/session/use-me";
import { Section } from "@/shell/page";
import { refreshRules, ruleQuery, rules } from "./queries";
import { changeOf, draftOf, mistakeOf, type RuleDraft } from "./rule";
import { isErrorStatus, useRuleSchema } from "./rule-schema";
import { RuleTrial } from "./rule-trial";

interface Props {
  /** Left out for a new rule. */
  stored?: Tagged<ErrorRuleView>;
  onDone: () => void;
}

/** The fields of a rule. Only what was changed is sent, with the tag of the version it was changed from. */
export function RuleForm({ stored, onDone }: Props) {
  const { t } = useTranslation(["error_rules", "common"]);
  const queries = useQueryClient();
  const mayWrite = useMay("channels.write");
  const [base, setBase] = useState(stored);
  const [newer, setNewer] = useState<Tagged<ErrorRuleView>>();
  const before = draftOf(base?.value);
  const form = useForm<RuleDraft, RuleDraft>(useRuleSchema() as never, before);
  const draft = form.watch();
  const isDirty = JSON.stringify(draft) !== JSON.stringify(before);

  async function save(values: RuleDraft) {
    try {
      if (base === undefined) await rules.make(values.name, changeOf(undefined, values));
      else await rules.put(base.value.name, changeOf(before, values), base.etag);
    } catch (error) {
      await tell(error);
      return;
    }
    form.reset(values);
    setBase((now) => now && { ...now, value: { ...now.value, ...changeOf(undefined, values) } });
    await refreshRules(queries);
    onDone();
  }

  /** What the server said goes to its field; what someone else saved is shown; the rest is thrown on. */
  async function tell(error: unknown) {
    const { code, mistakes } = asProblem(error);
    if (code === "conflict" && base === undefined) {
      form.setError("name", { message: t("error_rules:make.taken") }, { shouldFocus: true });
      return;
    }
    if (code === "changed" && base !== undefined) {
      setNewer(await queries.fetchQuery({ ...ruleQuery(base.value.name), staleTime: 0 }));
      return;
    }
    const placed = mistakes.flatMap((text) => mistakeOf(text) ?? []);
    for (const [at, { field, message }] of placed.entries()) {
      form.setError(field, { type: "server", message }, { shouldFocus: at === 0 });
    }
    if (placed.length === 0 || placed.length < mistakes.length) throw error;
  }

  const take = (theirs: Tagged<ErrorRuleView>, keep: boolean) => {
    const mine = form.getValues();
    setBase(theirs);
    setNewer(undefined);
    form.reset(draftOf(theirs.value));
    if (!keep) return;
    for (const key of Object.keys(before) as (keyof RuleDraft)[]) {
      if (JSON.stringify(mine[key]) !== JSON.stringify(before[key])) {
        form.setValue(key, mine[key], { shouldDirty: true });
      }
    }
  };

  return (
    <Form form={form} onSubmit={save} autoComplete="off">
      {/* Once the rule is saved, the sheet closes by itself. */}
      <DirtyGuard dirty={isDirty && !form.formState.isSubmitting} closesWithQuery />
      <fieldset disabled={!mayWrite} className="min-w-0 space-y-6">
        <Head form={form} isNew={base === undefined} />
        <MatchFields />
        <ActFields form={form} />
      </fieldset>
      <RuleTrial draft={draft} />
      {newer && (
        <div role="alert">
          <Notice
            tone="warn"
            heading={
              <>
                {t("error_rules:stale.title")} <TimeAgo time={newer.value.updated_at} />
              </>
            }
          >
            <p>{t("error_rules:stale.text")}</p>
            <div className="mt-2 flex flex-wrap gap-2">
              <Button size="sm" onClick={() => take(newer, true)}>
                {t("error_rules:stale.keep")}
              </Button>
              <Button size="sm" onClick={() => take(newer, false)}>
                {t("common:form.stale_reload")}
              </Button>
            </div>
          </Notice>
        </div>
      )}
      {mayWrite && (
        <div className="flex flex-wrap gap-2">
          <SubmitButton>
            {base === undefined ? t("error_rules:make.verb") : t("common:save")}
          </SubmitButton>
          {base !== undefined && isDirty && (
            <Button onClick={() => form.reset(before)}>{t("common:discard")}</Button>
          )}
        </div>
      )}
    </Form>
  );
}

type RuleFormOf = UseFormReturn<RuleDraft, unknown, RuleDraft>;

function Head({ form, isNew }: { form: RuleFormOf; isNew: boolean }) {
  const { t } = useTranslation("error_rules");
  return (
    <div className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField
          name="name"
          label={t("column.name")}
          help={t(isNew ? "form.name_help" : "form.name_fixed")}
        >
          <Input maxLength={64} autoCapitalize="none" readOnly={!isNew} autoFocus={isNew} />
        </FormField>
        <FormField name="priority" label={t("column.priority")} help={t("column.priority_help")}>
          <Input inputMode="numeric" />
        </FormField>
      </div>
      <Checkbox {...form.register("enabled")} label={t("form.enabled")} />
    </div>
  );
}

function MatchFields() {
  const { t } = useTranslation("error_rules");
  const { data } = useQuery(channelsQuery);
  const channels = (data?.items ?? []).map(({ name }) => ({ value: name }));
  return (
    <Section title={t("form.match")} about={t("form.match_help")}>
      <FormList
        name="status"
        label={t("form.status")}
        help={t("form.status_help")}
        check={(item) => (isErrorStatus(item) ? undefined : t("rule.status"))}
      />
      <FormField name="contains" label={t("form.contains")} help={t("form.contains_help")} optional>
        <Input />
      </FormField>
      <FormField name="regex" label={t("form.regex")} optional>
        <Input className="font-mono text-sm" autoCapitalize="none" />
      </FormField>
      <FormList
        name="channels"
        label={t("form.channels")}
        help={t("form.channels_help")}
        suggestions={channels}
      />
      <DialectsOfClient />
    </Section>
  );
}

function DialectsOfClient() {
  const { t } = useTranslation(["error_rules", "trace"]);
  const { field } = useController<RuleDraft, "dialects">({ name: "dialects" });
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{t("error_rules:form.dialects")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {dialects.map((dialect) => (
          <Checkbox
            key={dialect}
            checked={field.value.includes(dialect)}
            onChange={(event) =>
              field.onChange(
                event.currentTarget.checked
                  ? dialects.filter((one) => one === dialect || field.value.includes(one))
                  : field.value.filter((one) => one !== dialect),
              )
            }
            label={t(`trace:dialect.${dialect}`)}
          />
        ))}
      </div>
      <p className="text-fg-3 text-xs">{t("error_rules:form.dialects_help")}</p>
    </fieldset>
  );
}

function ActFields({ form }: { form: RuleFormOf }) {
  const { t } = useTranslation("error_rules");
  return (
    <Section title={t("form.act")}>
      <FormField
        name="act_status"
        label={t("form.act_status")}
        help={t("form.act_status_help")}
        optional
      >
        <Input inputMode="numeric" />
      </FormField>
      <FormField name="message" label={t("form.message")} help={t("form.message_help")} optional>
        <Textarea rows={2} className="min-h-14" />
      </FormField>
      <Checkbox {...form.register("hide")} label={t("form.hide")} help={t("form.hide_help")} />
      <Checkbox
        {...form.register("skip_health")}
        label={t("form.skip_health")}
        help={t("form.skip_health_help")}
      />
    </Section>
  );
}
