import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { ChannelView, Detected } from "@/api/types";
import { cn } from "@/components/class-names";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Advanced } from "@/form/advanced";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { httpUrl, text, wholeNumber } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { limitKinds, limitsDraftOf, limitsSchema } from "@/limits/limits";
import { FormLimits } from "@/limits/limits-fields";
import { useMay } from "@/session/use-me";
import { bindingTo } from "./channel";
import { DialectsField } from "./dialects-field";
import { GroupsField } from "./groups-field";
import { KeysField, keysOf } from "./keys-field";
import { KindField } from "./kind-field";
import { ModelsField } from "./models-field";
import { mostWeight } from "./order-cell";
import { PasteBox } from "./paste-box";
import { countsOf } from "./probe";
import { ProbePanel } from "./probe-panel";
import { proxyMistake } from "./proxy";
import { ProxyField } from "./proxy-field";
import { channels, refreshChannels } from "./queries";
import {
  choiceOf,
  draftOf,
  mostTested,
  probeRuns,
  proxyOf,
  type QuickChoice,
  type QuickStart,
} from "./quick-draft";
import { isHttpUrl, ResolvedView } from "./resolved-view";
import { useProbe } from "./use-probe";
import { vendorOfKind } from "./vendors";

interface Props {
  start?: QuickStart;
  /** Only what a first channel needs: no groups, no order. */
  brief?: boolean;
  onSaved: (channel: ChannelView) => void;
  /** A test of what is typed is over: how many models answered. */
  onTested?: (ok: number) => void;
  /** Whether there is something to lose. */
  onDirty?: (dirty: boolean) => void;
}

const schema = z.object({
  name: text({ most: 64 }),
  base_url: httpUrl(),
  priority: wholeNumber(),
  weight: wholeNumber({ least: 0, most: mostWeight }),
  limits: limitsSchema,
});

/** A new channel: pasted or typed, tested before it is saved, saved off or on. Stands in a sheet or in the set-up. */
export function ChannelQuickForm({ start = {}, brief = false, ...props }: Props) {
  const { t } = useTranslation("channels");
  const queries = useQueryClient();
  const maySecrets = useMay("secrets.write");
  const [choice, setChoice] = useState(() => choiceOf(start));
  const choose = (change: Partial<QuickChoice>) => setChoice((now) => ({ ...now, ...change }));
  const form = useForm(schema, {
    name: start.name ?? "",
    base_url: start.base_url ?? vendorOfKind(choice.kind).base_url,
    priority: start.priority ?? 0,
    weight: start.weight ?? 1,
    limits: limitsDraftOf(start.limits),
  });
  const baseUrl = useWatch({ control: form.control, name: "base_url" });
  const [priority, weight, limits] = useWatch({
    control: form.control,
    name: ["priority", "weight", "limits"],
  });
  const probe = useProbe();
  const enable = useRef(true);
  const keys = keysOf(choice.keys);
  const { onDirty } = props;
  const isDirty = form.formState.isDirty || choice.keys !== "" || choice.models.length > 0;
  useEffect(() => onDirty?.(isDirty), [onDirty, isDirty]);

  /** What was pasted takes the place of what was there; what it does not say stays. */
  function take(found: Detected) {
    const kind = found.kind ?? choice.kind;
    choose({
      kind,
      ...(found.keys.length > 0 && { keys: found.keys.join("\n") }),
      ...(found.models.length > 0 && { models: found.models.map(bindingTo) }),
      dialects: found.dialects,
    });
    form.setValue("base_url", found.base_url ?? vendorOfKind(kind).base_url, touched);
    if (found.name !== undefined && form.getValues("name") === "") {
      form.setValue("name", found.name, touched);
    }
    probe.reset();
  }

  async function test() {
    const state = await probe.start(probeRuns(baseUrl.trim(), choice));
    props.onTested?.(countsOf(state).ok);
  }

  const proxyWrong = proxyMistake(choice.proxy, undefined);
  const whyNoTest = !isHttpUrl(baseUrl.trim())
    ? t("add.test_needs_url")
    : proxyWrong
      ? t(`proxy.${proxyWrong === "login" ? "login_rule" : proxyWrong}`)
      : keys.length === 0
        ? t("add.test_needs_key")
        : undefined;

  return (
    <Form
      form={form}
      autoComplete="off"
      words={(problem) => (problem.code === "conflict" ? t("add.taken") : undefined)}
      onSubmit={async (fields) => {
        const draft = draftOf(fields, choice, enable.current);
        const made = await channels.make(fields.name, draft);
        choose({ keys: "" });
        await refreshChannels(queries);
        props.onSaved(made);
      }}
    >
      <PasteBox onDetected={take} />
      <KindField
        kind={choice.kind}
        baseUrl={baseUrl}
        onChange={(kind, base_url) => {
          choose({ kind, dialects: [] });
          form.setValue("base_url", base_url, touched);
          probe.reset();
        }}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField name="name" label={t("column.name")} help={t("add.name_help")}>
          <Input maxLength={64} autoCapitalize="none" />
        </FormField>
        <FormField name="base_url" label={t("field.base_url")}>
          <Input inputMode="url" className="font-mono text-sm" />
        </FormField>
      </div>
      <ResolvedView kind={choice.kind} baseUrl={baseUrl} dialects={choice.dialects} />
      {maySecrets ? (
        <KeysField value={choice.keys} onChange={(text) => choose({ keys: text })} />
      ) : (
        <Notice tone="info">{t("add.no_secrets")}</Notice>
      )}
      <ModelsField
        kind={choice.kind}
        baseUrl={baseUrl.trim()}
        apiKey={keys[0]}
        way={proxyOf(choice)}
        value={choice.models}
        onChange={(models) => choose({ models })}
      />
      {!brief && <GroupsField value={choice.groups} onChange={(groups) => choose({ groups })} />}
      <Advanced
        changed={
          (choice.dialects.length > 0 ? 1 : 0) +
          (choice.proxy.proxy.trim() !== "" ? 1 : 0) +
          (Number(priority) !== 0 ? 1 : 0) +
          (Number(weight) !== 1 ? 1 : 0) +
          limitKinds.filter((kind) => limits[kind].trim() !== "").length
        }
        mistakes={form.formState.errors.limits as object | undefined}
      >
        {!brief && (
          <div className="grid gap-4 sm:grid-cols-2">
            <FormField name="priority" label={t("field.priority")} help={t("field.priority_help")}>
              <Input inputMode="numeric" />
            </FormField>
            <FormField name="weight" label={t("field.weight")} help={t("field.weight_help")}>
              <Input inputMode="numeric" />
            </FormField>
          </div>
        )}
        {maySecrets && (
          <ProxyField
            label={t("proxy.label")}
            help={t("proxy.help")}
            value={choice.proxy}
            onChange={(proxy) => {
              choose({ proxy });
              probe.reset();
            }}
          />
        )}
        <DialectsField
          kind={choice.kind}
          value={choice.dialects}
          onChange={(dialects) => choose({ dialects })}
        />
        {!brief && <FormLimits name="limits" owner="channel" />}
      </Advanced>
      {maySecrets && (
        <div className="space-y-3">
          <div className="flex flex-wrap items-center gap-2">
            <Button
              loading={probe.state.status === "running"}
              disabledReason={whyNoTest}
              onClick={() => void test()}
            >
              {t("add.test")}
            </Button>
            {probe.state.status === "running" && (
              <Button variant="ghost" onClick={probe.stop}>
                {t("test.stop")}
              </Button>
            )}
            <span className="text-fg-3 text-xs">
              {choice.models.length > mostTested
                ? t("add.test_some", { count: mostTested, all: choice.models.length })
                : t("add.test_help")}
            </span>
          </div>
          <ProbePanel
            state={probe.state}
            onBaseUrl={(base_url) => {
              form.setValue("base_url", base_url, touched);
              probe.reset();
            }}
          />
        </div>
      )}
      {choice.models.length === 0 && <p className="text-fg-2 text-sm">{t("add.no_models")}</p>}
      <div
        className={cn(
          "flex flex-wrap justify-end gap-2 border-line border-t py-3",
          !brief && "sticky -bottom-4 z-sticky bg-surface",
        )}
      >
        <SubmitButton
          variant="outline"
          onClick={() => {
            enable.current = false;
          }}
        >
          {t("add.save_off")}
        </SubmitButton>
        <SubmitButton
          onClick={() => {
            enable.current = true;
          }}
        >
          {t("add.save_on")}
        </SubmitButton>
      </div>
    </Form>
  );
}

const touched = { shouldDirty: true, shouldValidate: true } as const;
