import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { path } from "@/api/client";
import type { ChannelView, Dialect } from "@/api/types";
import { channelTestsKey } from "@/channel-tests/queries";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
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
  /** How much is asked at first: one tiny answer when left out. */
  depth?: "scan" | undefined;
  onClose: () => void;
}

/** Asks the models of a saved channel for a tiny answer and shows how it goes. */
export function TestSheet({ name, models, depth, onClose }: Props) {
  const { t } = useTranslation("channels");
  return (
    <Sheet open={name !== undefined} onOpenChange={(open) => !open && onClose()}>
      {name !== undefined && (
        <SheetContent title={t("test.title", { name })} description={t("test.about")} keepOpen>
          <Loaded name={name} models={models} depth={depth} />
        </SheetContent>
      )}
    </Sheet>
  );
}

function Loaded(props: { name: string; models: Props["models"]; depth: Props["depth"] }) {
  const { name, models, depth = "test" } = props;
  const { data, error, refetch } = useQuery(channelQuery(name));
  if (data) return <Bench key={name} channel={data.value} first={models} firstDepth={depth} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Skeleton className="h-40" />;
}

type Depth = "test" | "scan";

function Bench(props: { channel: ChannelView; first: Props["models"]; firstDepth: Depth }) {
  const { channel, first, firstDepth } = props;
  const { t } = useTranslation(["channels", "trace"]);
  const queries = useQueryClient();
  const mayWrite = useMay("channels.write");
  const bindings = bindingsOf(channel);
  const usual = bindings.filter((one) => one.enabled && isChatModel(one.upstream));
  const names = usual.map(({ name }) => name);
  // A scan asks three times, and what it finds is seldom the matter of one model.
  const [chosen, setChosen] = useState<readonly string[]>(
    first ?? (firstDepth === "scan" ? names.slice(0, 1) : names),
  );
  const [depth, setDepth] = useState<Depth>(firstDepth);
  const [endpoint, setEndpoint] = useState("");
  const [credential, setCredential] = useState("");
  const [dialect, setDialect] = useState<Dialect | "">("");
  const [error, setError] = useState<unknown>();
  const probe = useProbe();
  const isRunning = probe.state.status === "running";
  const credentials = channel.credentials ?? [];
  const addresses = [
    channel.base_url ?? "",
    ...(channel.endpoints ?? []).map((one) => (typeof one === "string" ? one : one.base_url)),
  ];

  const start = async () => {
    setError(undefined);
    const body = {
      models: chosen,
      ...(credential !== "" && { credential }),
      ...(endpoint !== "" && { endpoint }),
      ...(depth === "scan" && { depth }),
      ...(dialect !== "" && { dialect }),
    };
    const run = { path: path`/api/admin/channels/${channel.name}/test`, body, models: chosen };
    await probe.start([run]);
    // What answers rests no longer.
    await queries.invalidateQueries(channelStatusQuery);
    await queries.invalidateQueries({ queryKey: channelTestsKey });
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
      <div className="space-y-1">
        <Segmented
          label={t("channels:scan.depth")}
          value={depth}
          onChange={setDepth}
          options={(["test", "scan"] as const).map((value) => ({
            value,
            label: t(`channels:${value}.verb`),
          }))}
        />
        {depth === "scan" && <p className="text-fg-2 text-sm">{t("channels:scan.about")}</p>}
      </div>
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
        {addresses.length > 1 && (
          <Field label={t("channels:scan.endpoint")}>
            <Select value={endpoint} onChange={(event) => setEndpoint(event.target.value)}>
              <option value="">{t("channels:scan.first_endpoint")}</option>
              {addresses.map((one) => (
                <option key={one} value={one}>
                  {one}
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
          {t(`channels:${depth}.start`, { count: chosen.length })}
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
