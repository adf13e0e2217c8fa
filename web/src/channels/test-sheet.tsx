import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { path } from "@/api/client";
import type { ChannelView, Dialect } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { isEnabled } from "@/config/objects";
import { useMay } from "@/session/use-me";
import { DialectOptions } from "@/trace/dialect-options";
import { bindingsOf, isChatModel } from "./channel";
import { ProbePanel } from "./probe-panel";
import { channelQuery, channelStatusQuery, channels, refreshChannels } from "./queries";
import { useProbe } from "./use-probe";

interface Props {
  /** The channel to test; nothing closes the sheet. */
  name: string | undefined;
  /** What is ticked at first; all that can be talked with when left out. */
  models?: readonly string[] | undefined;
  onClose: () => void;
}

/** Asks the models of a saved channel for a tiny answer and shows how it goes. */
export function TestSheet({ name, models, onClose }: Props) {
  const { t } = useTranslation("channels");
  return (
    <Sheet open={name !== undefined} onOpenChange={(open) => !open && onClose()}>
      {name !== undefined && (
        <SheetContent title={t("test.title", { name })} description={t("test.about")} keepOpen>
          <Loaded name={name} models={models} />
        </SheetContent>
      )}
    </Sheet>
  );
}

function Loaded({ name, models }: { name: string; models: Props["models"] }) {
  const { data, error, refetch } = useQuery(channelQuery(name));
  if (data) return <Bench key={name} channel={data.value} first={models} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Skeleton className="h-40" />;
}

function Bench({ channel, first }: { channel: ChannelView; first: Props["models"] }) {
  const { t } = useTranslation(["channels", "trace"]);
  const queries = useQueryClient();
  const mayWrite = useMay("channels.write");
  const bindings = bindingsOf(channel);
  const usual = bindings.filter((one) => one.enabled && isChatModel(one.upstream));
  const [chosen, setChosen] = useState<readonly string[]>(first ?? usual.map(({ name }) => name));
  const [credential, setCredential] = useState("");
  const [dialect, setDialect] = useState<Dialect | "">("");
  const [error, setError] = useState<unknown>();
  const probe = useProbe();
  const isRunning = probe.state.status === "running";
  const credentials = channel.credentials ?? [];

  const start = async () => {
    setError(undefined);
    const body = {
      models: chosen,
      ...(credential !== "" && { credential }),
      ...(dialect !== "" && { dialect }),
    };
    const run = { path: path`/api/admin/channels/${channel.name}/test`, body, models: chosen };
    await probe.start([run]);
    // What answers rests no longer.
    await queries.invalidateQueries(channelStatusQuery);
  };
  const saveBase = (base_url: string) =>
    channels
      .change(channel.name, { base_url })
      .then(() => refreshChannels(queries))
      .then(probe.reset)
      .catch(setError);

  if (bindings.length === 0 || !credentials.some(isEnabled)) {
    const missing = bindings.length === 0 ? "no_models" : "no_credential";
    return (
      <Notice tone="info" heading={t("channels:probe.untestable")}>
        {t(`channels:test.${missing}`)}
      </Notice>
    );
  }
  return (
    <div className="space-y-4">
      <fieldset className="space-y-1">
        <legend className="mb-1 font-medium text-sm">{t("channels:column.models")}</legend>
        <div className="max-h-60 overflow-y-auto rounded-control border border-line px-3 py-1.5">
          {bindings.map(({ name, upstream, enabled }) => (
            <Checkbox
              key={name}
              checked={chosen.includes(name)}
              onChange={(event) =>
                setChosen(
                  event.currentTarget.checked
                    ? [...chosen, name]
                    : chosen.filter((one) => one !== name),
                )
              }
              label={
                <code data-raw="" className="font-mono text-sm [overflow-wrap:anywhere]">
                  {name}
                </code>
              }
              {...(!isChatModel(upstream)
                ? { help: t("channels:test.no_chat") }
                : !enabled && { help: t("channels:test.disabled_model") })}
            />
          ))}
        </div>
      </fieldset>
      <div className="grid gap-3 sm:grid-cols-2">
        {credentials.length > 1 && (
          <Field label={t("channels:test.credential")}>
            <Select value={credential} onChange={(event) => setCredential(event.target.value)}>
              <option value="">{t("channels:test.each_credential")}</option>
              {credentials.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <Field label={t("channels:field.dialect")}>
          <Select
            value={dialect}
            onChange={(event) => setDialect(event.target.value as Dialect | "")}
          >
            <option value="">{t("channels:test.usual_dialect")}</option>
            <DialectOptions />
          </Select>
        </Field>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="primary"
          loading={isRunning}
          disabledReason={chosen.length === 0 ? t("channels:test.none_chosen") : undefined}
          onClick={() => void start()}
        >
          {t("channels:test.start", { count: chosen.length })}
        </Button>
        {isRunning && <Button onClick={probe.stop}>{t("channels:test.stop")}</Button>}
      </div>
      <ProbePanel
        state={probe.state}
        baseUrlVerb="save"
        onBaseUrl={mayWrite ? (baseUrl) => void saveBase(baseUrl) : undefined}
      />
      <ProblemNotice error={error} />
    </div>
  );
}
