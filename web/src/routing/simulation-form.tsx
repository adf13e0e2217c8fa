import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { dialects } from "@/api/words";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Advanced } from "@/form/advanced";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { optionalText, text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { DialectOptions } from "@/trace/dialect-options";
import { type Suggestion, simulateQuery, suggestionsQuery } from "./queries";
import { callers, type RoutingSearch, simulationOf, withoutOf } from "./simulation";

const schema = z
  .object({
    caller: z.enum(callers),
    user_group: optionalText(),
    user: optionalText(),
    api_key: optionalText(),
    model: text({ most: 255 }),
    dialect: z.enum(dialects),
    session: z.boolean(),
    seed: z.string().check(z.trim(), z.regex(/^[0-9a-f]{0,16}$/i, { error: "seed" })),
  })
  .check(({ value, issues }) => {
    if (value[value.caller] === "") {
      issues.push({ code: "custom", message: "required", path: [value.caller], input: value });
    }
  });

/** What would be called, and by whom. A press asks the server and puts the question into the address. */
export function SimulationForm(props: {
  search: RoutingSearch;
  onSearch: (search: RoutingSearch) => void;
}) {
  const { t } = useTranslation("routing");
  const queries = useQueryClient();
  const { search, onSearch } = props;
  const form = useForm(schema, {
    caller: callers.find((kind) => search[kind] !== undefined) ?? "user_group",
    user_group: search.user_group ?? "",
    user: search.user ?? "",
    api_key: search.api_key ?? "",
    model: search.model ?? "",
    dialect: search.dialect ?? "responses",
    session: search.session ?? false,
    seed: search.seed ?? "",
  });
  const caller = useWatch({ control: form.control, name: "caller" });
  return (
    <Form
      form={form}
      onSubmit={async ({ caller: kind, model, dialect, session, seed, ...values }) => {
        const { request } = search;
        const without = withoutOf(search).join(",");
        const next: RoutingSearch = {
          [kind]: values[kind],
          model,
          dialect,
          ...(session && { session }),
          ...(seed !== "" && { seed }),
          ...(without !== "" && { without }),
          ...(request !== undefined && { request }),
        };
        const simulation = simulationOf(next);
        // Asked here first, so that what the server does not know is said beside its field.
        if (simulation) await queries.fetchQuery({ ...simulateQuery(simulation), staleTime: 0 });
        onSearch(next);
      }}
    >
      <div className="space-y-1">
        <p aria-hidden="true" className="font-medium text-sm">
          {t("form.caller")}
        </p>
        <Segmented
          label={t("form.caller")}
          value={caller}
          onChange={(value) => form.setValue("caller", value)}
          options={callers.map((value) => ({ value, label: t(`form.${value}`) }))}
        />
      </div>
      <Suggesting
        kind={caller}
        name={caller}
        label={t(`form.${caller}`)}
        help={t(`form.${caller}_help`)}
      />
      <Suggesting kind="model" name="model" label={t("form.model")} />
      <FormField name="dialect" label={t("form.dialect")}>
        <Select>
          <DialectOptions />
        </Select>
      </FormField>
      <Advanced changed={(search.session ? 1 : 0) + (search.seed === undefined ? 0 : 1)}>
        <Checkbox
          {...form.register("session")}
          label={t("form.session")}
          help={t("form.session_help")}
        />
        <FormField
          name="seed"
          label={t("form.seed")}
          help={search.request === undefined ? t("form.seed_help") : t("form.seed_recorded")}
          optional
        >
          <Input className="font-mono" autoCapitalize="none" maxLength={16} />
        </FormField>
      </Advanced>
      <SubmitButton className="w-full">{t("form.run")}</SubmitButton>
      <p className="text-fg-2 text-sm">{t("nothing_is_sent")}</p>
    </Form>
  );
}

const nothing: readonly Suggestion[] = [];

/** A text field with what there is to choose from; anything else can be typed. */
function Suggesting(props: {
  kind: Parameters<typeof suggestionsQuery>[0];
  name: string;
  label: string;
  help?: string;
}) {
  const list = useId();
  const { data = nothing } = useQuery(suggestionsQuery(props.kind));
  return (
    <>
      <FormField
        key={props.name}
        name={props.name}
        label={props.label}
        {...(props.help !== undefined && { help: props.help })}
      >
        <Input list={list} autoCapitalize="none" />
      </FormField>
      <datalist id={list}>
        {data.map(({ value, label }) => (
          <option key={value} value={value}>
            {label ?? value}
          </option>
        ))}
      </datalist>
    </>
  );
}
