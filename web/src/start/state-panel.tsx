import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "../components/badge";
import { Notice } from "../components/notice";
import { type Health, UnreadableHealth } from "../health/health";
import type { HealthState } from "../health/use-health";

/** What this Realms is and how it is doing. */
export function StatePanel({ state, onAsk }: { state: HealthState; onAsk: () => void }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="state" className="space-y-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h1 id="state" className="font-semibold text-xl">
          {t("state.heading")}
        </h1>
        <span role="status">
          <Summary state={state} />
        </span>
      </div>
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failure error={state.error} onAsk={onAsk} />}
      {state.kind === "known" && <Facts health={state.health} />}
    </section>
  );
}

function Summary({ state }: { state: HealthState }) {
  const { t } = useTranslation();
  switch (state.kind) {
    case "loading":
      return <Badge tone="idle" word={t("state.loading")} />;
    case "failed":
      return <Badge tone="err" word={t("state.unreachable")} />;
    case "known":
      return isWell(state.health) ? (
        <Badge tone="ok" word={t("state.running")} />
      ) : (
        <Badge tone="warn" word={t("state.degraded")} />
      );
  }
}

function Failure({ error, onAsk }: { error: Error; onAsk: () => void }) {
  const { t } = useTranslation();
  const unreadable = error instanceof UnreadableHealth;
  return (
    <Notice tone="err">
      <p>{unreadable ? t("state.unreadable_hint") : t("state.unreachable_hint")}</p>
      <details className="mt-1">
        <summary className="min-h-6 cursor-pointer text-fg-3 text-sm">
          {t("state.technical")}
        </summary>
        <p className="break-words font-mono text-sm">{error.message}</p>
      </details>
      <button
        type="button"
        onClick={onAsk}
        className="mt-2 min-h-8 rounded-control border border-line-strong bg-surface px-3 text-fg hover:bg-surface-2 pointer-coarse:min-h-11"
      >
        {t("state.retry")}
      </button>
    </Notice>
  );
}

function Facts({ health }: { health: Health }) {
  const { t } = useTranslation();
  const { database, catalog } = health;
  const kind = kindNames[database.kind] ?? database.kind;
  const { latencyMs } = database;
  return (
    <>
      {database.state !== "ok" && <Notice tone="err">{t("state.database_hint")}</Notice>}
      {catalog.defects > 0 && (
        <Notice tone="warn" heading={t("state.defects", { count: catalog.defects })}>
          {t("state.defects_hint")}
        </Notice>
      )}
      <Strip>
        <Fact
          name={t("state.server")}
          value={health.version}
          hint={t("state.built", { date: health.buildDate })}
        />
        <Fact
          name={t("state.mode")}
          value={t(`state.mode_${health.mode}`)}
          hint={t(`state.mode_${health.mode}_hint`)}
        />
        <Fact
          name={t("state.database")}
          value={database.state === "ok" ? t("state.database_ok") : database.state}
          hint={
            latencyMs === null
              ? kind
              : t("state.latency", { kind, milliseconds: formatMs(latencyMs) })
          }
        />
        <Fact
          name={t("state.catalog")}
          value={t("state.catalog_version", { version: catalog.version })}
          hint={
            catalog.defects > 0
              ? t("state.defects", { count: catalog.defects })
              : t("state.no_defects")
          }
        />
        <Fact
          name={t("state.models")}
          value={String(health.models)}
          hint={health.models > 0 ? t("state.models_ready") : t("state.models_none")}
        />
      </Strip>
    </>
  );
}

/** Products are called what they call themselves. */
const kindNames: Record<string, string> = {
  sqlite: "SQLite",
  postgres: "PostgreSQL",
  mysql: "MySQL",
};

function Strip({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-1 gap-px overflow-hidden rounded-panel border border-line bg-line min-[22rem]:grid-cols-2 min-[22rem]:*:last:col-span-2 lg:grid-cols-5 lg:*:last:col-span-1">
      {children}
    </dl>
  );
}

function Fact({ name, value, hint }: { name: string; value: string; hint: string }) {
  return (
    <div className="bg-surface px-3 py-2">
      <dt className="text-fg-3 text-xs">{name}</dt>
      <dd>
        <span className="block break-words font-semibold text-lg tabular-nums">{value}</span>
        <span className="block text-fg-2 text-xs">{hint}</span>
      </dd>
    </div>
  );
}

function Skeleton() {
  return <div aria-hidden="true" className="h-20 animate-pulse rounded-panel bg-surface-2" />;
}

function isWell(health: Health): boolean {
  return health.ok && health.database.state === "ok" && health.catalog.defects === 0;
}

function formatMs(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
}
