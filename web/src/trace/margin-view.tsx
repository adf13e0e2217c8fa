import type { Trace } from "@/api/types";
import { cn } from "@/components/class-names";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { formatShare } from "@/format/number";
import { Facts, Section } from "./section";
import { useReader } from "./use-reader";

/** What the call earned. The server tells it to those who run the site, and to no user. */
export function MarginView({ trace }: { trace: Trace }) {
  const { t, language } = useReader();
  const { margin, call } = trace;
  if (!margin) return null;
  const { upstream_cost_usd: paid, margin_usd: earned, margin_share: share } = margin;
  // Where nobody pays for calls, what is not known of them is no news.
  if (paid === undefined && call.billing === undefined) return null;
  const isLoss = earned?.startsWith("-") ?? false;
  const cost =
    paid === undefined ? (
      <>
        <Missing reason={t("margin.unknown")} />{" "}
        <span className="text-fg-2">{t("margin.unknown_help")}</span>
      </>
    ) : (
      <Money usd={paid} />
    );
  const gain = earned !== undefined && (
    <span className={cn(isLoss && "text-err")}>
      <Money usd={earned} />
      {share !== undefined && ` (${formatShare(share, language)})`}
    </span>
  );
  return (
    <Section title={t("section.margin")}>
      <Facts
        items={[
          [t("margin.upstream_cost"), cost],
          [t("margin.margin"), gain || undefined],
        ]}
        isOneColumn
      />
    </Section>
  );
}
