import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { PublicKey } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { formatExact } from "@/format/number";
import { BudgetBars } from "@/limits/budget-bars";
import { useLimitsText } from "@/limits/use-limits-text";
import { Section } from "@/shell/page";
import { KeyEnd } from "@/tokens/key-cells";
import { TokenStatus } from "@/tokens/token-status";
import { useRulesText } from "@/tokens/use-rules-text";
import { KeyClients } from "./key-clients";
import type { CheckedKey } from "./key-page";
import { KeyUsage } from "./key-usage";

/** How a key stands, what it may and what it used, and how a client is set up with it. */
export function KeyView({ checked }: { checked: CheckedKey }) {
  const { t } = useTranslation(["public", "limits"]);
  const { standing } = checked;
  return (
    <div className="space-y-10">
      <Section title={t("public:key.standing")}>
        {standing.status !== "active" && (
          <Notice tone="warn">{t(`public:key.${standing.status}`)}</Notice>
        )}
        <Facts standing={standing} />
      </Section>
      <Section title={t("limits:budgets.title")} about={t("limits:budgets.note")}>
        {standing.budgets.length > 0 ? (
          <BudgetBars budgets={standing.budgets} />
        ) : (
          <p className="text-fg-2">{t("public:key.no_budgets")}</p>
        )}
      </Section>
      <Section title={t("public:key.usage")}>
        <KeyUsage standing={standing} />
      </Section>
      {standing.status === "active" && (
        <Section title={t("public:key.clients")} about={t("public:key.clients_about")}>
          <KeyClients checked={checked} />
        </Section>
      )}
    </div>
  );
}

function Facts({ standing }: { standing: PublicKey }) {
  const { t, i18n } = useTranslation(["public", "tokens", "limits"]);
  const [limitsText, rulesText] = [useLimitsText(), useRulesText()];
  const rules = rulesText(standing.rules);
  return (
    <dl className="divide-y divide-line border-line border-y">
      <Fact name={t("tokens:column.name")}>
        <span className="flex flex-wrap items-center gap-x-3">
          <bdi data-raw="" className="break-all">
            {standing.name}
          </bdi>
          <code className="font-mono text-fg-2 text-sm">{`sk_…${standing.hint}`}</code>
        </span>
      </Fact>
      <Fact name={t("tokens:column.status")}>
        <TokenStatus token={standing} />
      </Fact>
      <Fact name={t("tokens:column.ends")}>
        <KeyEnd rules={standing.rules} endsAt={standing.ends_at} />
      </Fact>
      <Fact name={t("limits:title")}>{limitsText(standing.limits) || t("limits:none")}</Fact>
      <Fact name={t("tokens:rules.title")}>
        {rules === "" ? t("tokens:rules.everything") : <bdi data-raw="">{rules}</bdi>}
      </Fact>
      <Fact name={t("public:key.models")}>
        <span className="num">{formatExact(standing.models, i18n.language)}</span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="gap-x-4 py-2 sm:grid sm:grid-cols-[11rem_minmax(0,1fr)]">
      <dt className="text-fg-2">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
