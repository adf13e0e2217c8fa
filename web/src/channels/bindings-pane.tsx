import { Coins, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelStatus, UpstreamModel } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Empty } from "@/components/ui/empty";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { Section } from "@/shell/page";
import type { Binding } from "./channel";
import { PartState } from "./channel-state";
import { CostDialog, useCostText } from "./cost-dialog";
import { RenameDialog } from "./rename-dialog";

interface Props {
  models: readonly Binding[];
  /** Those the server has: only they can be tested. */
  saved: readonly Binding[];
  /** What the vendor lists, once it is known. */
  listed: readonly UpstreamModel[] | undefined;
  status: ChannelStatus | undefined;
  fixed: boolean;
  /** Whether the reader may say what the vendor is paid. */
  mayPrice: boolean;
  onChange: (models: Binding[]) => void;
  onTest: (names: readonly string[]) => void;
}

/** What the channel serves: under which name, as what, and how it goes. */
export function BindingsPane(props: Props) {
  const { t } = useTranslation("channels");
  const { models, saved, listed, fixed, onChange, onTest } = props;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isRenaming, setIsRenaming] = useState(false);
  const [priced, setPriced] = useState<string>();
  const pricing = models.find(({ upstream }) => upstream === priced);
  const known = listed && new Map(listed.map((one) => [one.id, one]));
  const gone = known ? models.filter(({ upstream }) => !known.has(upstream)) : [];
  const states = new Map(props.status?.models.map((one) => [one.model, one]));
  const testable = saved
    .map(({ name, upstream }) => ({ name, upstream }))
    .filter(({ upstream }) => chosen.has(upstream));
  const change = (upstream: string, part: Partial<Binding>) =>
    onChange(models.map((one) => (one.upstream === upstream ? { ...one, ...part } : one)));
  return (
    <Section
      title={t("bind.title", { count: models.length })}
      actions={
        <span className="flex flex-wrap gap-2">
          {!fixed && models.length > 0 && (
            <Button size="sm" onClick={() => setIsRenaming(true)}>
              {t("rename.verb")}
            </Button>
          )}
          {!fixed && gone.length > 0 && (
            <Button size="sm" onClick={() => onChange(models.filter((one) => !gone.includes(one)))}>
              {t("bind.remove_gone", { count: gone.length })}
            </Button>
          )}
          <Button
            size="sm"
            disabledReason={testable.length === 0 ? t("bind.none_chosen") : undefined}
            onClick={() => onTest(testable.map(({ name }) => name))}
          >
            {t("bind.test", { count: testable.length })}
          </Button>
        </span>
      }
    >
      {models.length === 0 ? (
        <Empty title={t("bind.none")} text={t("bind.none_text")} />
      ) : (
        <ul
          aria-label={t("bind.label")}
          className="max-h-160 divide-y divide-line overflow-y-auto rounded-panel border border-line bg-surface"
        >
          {models.map((one) => (
            <BindingRow
              key={one.upstream}
              binding={one}
              isTaken={models.filter(({ name }) => name === one.name).length > 1}
              isGone={gone.includes(one)}
              isPriced={known?.get(one.upstream)?.priced}
              state={states.get(one.name)}
              fixed={fixed}
              chosen={chosen.has(one.upstream)}
              onChosen={(on) => {
                const next = new Set(chosen);
                if (on) next.add(one.upstream);
                else next.delete(one.upstream);
                setChosen(next);
              }}
              {...(props.mayPrice && { onPrice: () => setPriced(one.upstream) })}
              onChange={(part) => change(one.upstream, part)}
              onRemove={() => onChange(models.filter((other) => other !== one))}
            />
          ))}
        </ul>
      )}
      <RenameDialog
        open={isRenaming}
        onOpenChange={setIsRenaming}
        models={models}
        onRenamed={onChange}
      />
      {pricing && (
        <CostDialog
          model={pricing.upstream}
          cost={pricing.cost}
          onCost={(cost) => change(pricing.upstream, { cost })}
          onClose={() => setPriced(undefined)}
        />
      )}
    </Section>
  );
}

function BindingRow(props: {
  binding: Binding;
  isTaken: boolean;
  isGone: boolean;
  isPriced: boolean | undefined;
  state: ChannelStatus["models"][number] | undefined;
  fixed: boolean;
  chosen: boolean;
  onChosen: (on: boolean) => void;
  /** Left out where the reader may not say what the vendor is paid. */
  onPrice?: () => void;
  onChange: (part: Partial<Binding>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation("channels");
  const { binding, fixed } = props;
  const { name, upstream, enabled } = binding;
  const cost = useCostText()(binding.cost);
  return (
    <li className="flex items-start gap-2 px-3 py-2">
      <span className="flex h-8 items-center">
        <Checkbox
          aria-label={t("bind.choose", { model: upstream })}
          checked={props.chosen}
          onChange={(event) => props.onChosen(event.currentTarget.checked)}
        />
      </span>
      <div className="min-w-0 flex-1 space-y-1">
        {fixed ? (
          <code data-raw="" className="font-mono text-sm [overflow-wrap:anywhere]">
            {name}
          </code>
        ) : (
          <Input
            aria-label={t("bind.name_of", { model: upstream })}
            aria-invalid={props.isTaken || name.trim() === "" || undefined}
            value={name}
            onChange={(event) => props.onChange({ name: event.target.value })}
            onBlur={() => name !== name.trim() && props.onChange({ name: name.trim() })}
            className="font-mono text-sm"
          />
        )}
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
          {upstream !== name && (
            <span data-raw="" className="font-mono text-fg-2 text-xs [overflow-wrap:anywhere]">
              {`→ ${upstream}`}
            </span>
          )}
          {enabled && props.state && props.state.state !== "ok" && <PartState part={props.state} />}
          {props.isTaken && <Badge tone="err">{t("mark.taken")}</Badge>}
          {props.isGone && (
            <Badge tone="warn" title={t("mark.gone_help")}>
              {t("mark.gone")}
            </Badge>
          )}
          {cost !== undefined && <Badge title={t("cost.own_help")}>{cost}</Badge>}
          {props.isPriced === false && (
            <Badge tone="warn" title={t("mark.no_price_help")}>
              {t("mark.no_price")}
            </Badge>
          )}
        </div>
      </div>
      <span className="flex h-8 items-center gap-2">
        <Switch
          aria-label={t("bind.enable", { model: upstream })}
          checked={enabled}
          disabled={fixed}
          onChange={(event) => props.onChange({ enabled: event.currentTarget.checked })}
        />
        {props.onPrice && (
          <IconButton
            size="sm"
            label={t("cost.of", { model: upstream })}
            icon={<Coins aria-hidden="true" />}
            onClick={props.onPrice}
          />
        )}
        {!fixed && (
          <IconButton
            size="sm"
            label={t("bind.remove", { model: upstream })}
            icon={<Trash2 aria-hidden="true" />}
            onClick={props.onRemove}
          />
        )}
      </span>
    </li>
  );
}
