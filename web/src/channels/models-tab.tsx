import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { UpstreamModels } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import { TimeAgo } from "@/components/value/time-ago";
import { ListInput } from "@/form/list-input";
import type { Change } from "@/form/save-bar";
import { useMay } from "@/session/use-me";
import { Section } from "@/shell/page";
import { BindingsPane } from "./bindings-pane";
import { type Binding, bindingsOf, bindingTo, formsOf } from "./channel";
import { useShownChannel } from "./channel-page";
import { useCostText } from "./cost-dialog";
import { EditBar } from "./edit-bar";
import { ModelPicker } from "./model-picker";
import { FetchProblem } from "./models-field";
import { upstreamModelsQuery } from "./queries";
import { useChannelEdit } from "./use-channel-edit";

interface Values {
  models: Binding[];
}

/** What the vendor has on one side, what the channel serves on the other; nothing holds until it is saved. */
export function ModelsTab() {
  const { t } = useTranslation("channels");
  const { stored, status, test } = useShownChannel();
  const mayWrite = useMay("channels.write");
  const mayPrice = useMay("prices.write");
  const { name } = stored.value;
  const upstream = useQuery(upstreamModelsQuery(name));
  const edit = useChannelEdit<Values>(
    stored,
    (channel) => ({ models: bindingsOf(channel) }),
    ({ models }, channel) => ({ ...(models && { models: formsOf(models, bindingsOf(channel)) }) }),
  );
  const { models } = edit.values;
  const listed = upstream.data?.items;
  const names = models.map((one) => one.name);
  const isTaken = names.some((one, at) => names.indexOf(one) !== at);
  const isEmpty = names.some((one) => one.trim() === "");
  const differences = useBindingDifferences();
  return (
    <div className="space-y-6">
      <div className="grid gap-8 lg:grid-cols-2">
        {mayWrite && (
          <UpstreamPane
            query={upstream}
            models={models}
            onBind={(ids) => edit.set({ models: [...models, ...ids.map(bindingTo)] })}
          />
        )}
        <BindingsPane
          models={models}
          saved={edit.before.models}
          listed={listed}
          status={status}
          fixed={!mayWrite}
          mayPrice={mayWrite && mayPrice}
          onChange={(next) => edit.set({ models: next })}
          onTest={test}
        />
      </div>
      <EditBar
        edit={edit}
        differences={differences}
        {...(isEmpty && { mistake: t("bind.empty") })}
        {...(isTaken && { mistake: t("bind.taken") })}
      />
    </div>
  );
}

function UpstreamPane(props: {
  query: UseQueryResult<UpstreamModels>;
  models: readonly Binding[];
  onBind: (ids: string[]) => void;
}) {
  const { t } = useTranslation(["channels", "common"]);
  const { query, models, onBind } = props;
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const bound = new Set(models.map(({ upstream }) => upstream));
  const ids = [...chosen].filter((id) => !bound.has(id));
  return (
    <Section
      title={t("channels:upstream.title")}
      about={
        query.data && (
          <>
            {t("channels:upstream.fetched")} <TimeAgo time={query.data.fetched_at} />
          </>
        )
      }
      actions={
        <Button size="sm" loading={query.isFetching} onClick={() => void query.refetch()}>
          {t("channels:upstream.refresh")}
        </Button>
      }
    >
      {query.isPending && <Skeleton className="h-64" />}
      <FetchProblem error={query.error} />
      {query.data && (
        <>
          <ModelPicker
            items={query.data.items}
            chosen={chosen}
            onChange={setChosen}
            bound={bound}
            className="max-h-96"
          />
          <Button
            disabledReason={ids.length === 0 ? t("channels:upstream.none_chosen") : undefined}
            onClick={() => {
              onBind(ids);
              setChosen(new Set());
            }}
          >
            {t("channels:upstream.bind", { count: ids.length })}
          </Button>
        </>
      )}
      <Field label={t("channels:upstream.by_name")} optional>
        <ListInput
          value={[]}
          onChange={onBind}
          placeholder={t("channels:upstream.by_name_example")}
          check={(id) => (bound.has(id) ? t("channels:upstream.is_bound", { id }) : undefined)}
        />
      </Field>
    </Section>
  );
}

/** What differs between two lists of bindings: a line each for what came, went and changed. */
function useBindingDifferences(): (before: Values, after: Values) => Change[] {
  const { t } = useTranslation(["channels", "common"]);
  const costText = useCostText();
  return (before, after) => {
    const shown = ({ name, enabled, cost }: Binding) =>
      [enabled ? name : `${name} (${t("common:states.disabled")})`, costText(cost)]
        .filter((text) => text !== undefined)
        .join(" · ");
    const old = new Map(before.models.map((one) => [one.upstream, one]));
    const now = new Map(after.models.map((one) => [one.upstream, one]));
    const nothing = t("common:none");
    const came = after.models
      .filter(({ upstream }) => !old.has(upstream))
      .map((one): Change => ({ label: one.upstream, before: nothing, after: shown(one) }));
    const went = before.models
      .filter(({ upstream }) => !now.has(upstream))
      .map((one): Change => ({ label: one.upstream, before: shown(one), after: nothing }));
    const other = after.models.flatMap((one): Change[] => {
      const was = old.get(one.upstream);
      if (!was || shown(was) === shown(one)) return [];
      return [{ label: one.upstream, before: shown(was), after: shown(one) }];
    });
    return [...came, ...went, ...other];
  };
}
