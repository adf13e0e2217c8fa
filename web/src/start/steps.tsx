import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "../components/badge";
import { CodeBlock } from "../components/code-block";
import { Notice } from "../components/notice";
import { Tabs } from "../components/tabs";
import type { HealthState } from "../health/use-health";
import { SetupForm } from "../setup/setup-form";
import { apply, type Client, clients, isInsecure, manifest, snippetsFor } from "./snippets";

/** From an empty server to the first answer, in order. */
export function Steps({ state, onChange }: { state: HealthState; onChange: () => void }) {
  const { t } = useTranslation();
  const health = state.kind === "known" ? state.health : undefined;
  const hasRoot = health?.setup === "done";
  const lacksRoot = health?.setup === "needed";
  const hasModels = health !== undefined && health.models > 0;
  return (
    <section aria-labelledby="steps" className="space-y-6">
      <h2 id="steps" className="font-semibold text-xl">
        {t("steps.heading")}
      </h2>
      <ol className="space-y-8">
        <Step number={1} heading={t("steps.root.heading")} done={hasRoot} next={lacksRoot}>
          {lacksRoot && <SetupForm onDone={onChange} />}
        </Step>
        <Step
          number={2}
          heading={t("steps.describe.heading")}
          done={hasModels}
          next={hasRoot && !hasModels}
        >
          <p>{t("steps.describe.text")}</p>
          <CodeBlock name={t("code.manifest")} text={manifest} />
          <p className="text-fg-2">{t("steps.describe.secrets")}</p>
        </Step>
        <Step number={3} heading={t("steps.apply.heading")} done={hasModels}>
          <p>{t("steps.apply.text")}</p>
          <CodeBlock name={t("code.shell")} text={apply} />
          <p className="text-fg-2">
            {t("steps.apply.key")} {t("steps.apply.try")}
          </p>
        </Step>
        <Step number={4} heading={t("steps.connect.heading")} next={hasRoot && hasModels}>
          <Connect baseUrl={health?.baseUrl ?? null} />
        </Step>
      </ol>
    </section>
  );
}

interface StepProps {
  number: number;
  heading: string;
  done?: boolean;
  next?: boolean;
  children: ReactNode;
}

function Step(props: StepProps) {
  const { t } = useTranslation();
  return (
    <li className="space-y-3">
      <h3 className="flex flex-wrap items-baseline gap-x-3 font-semibold text-lg">
        <span>
          <span className="text-fg-3 tabular-nums">{props.number}. </span>
          {props.heading}
        </span>
        {props.done && <Badge tone="ok" word={t("steps.done")} />}
        {props.next && <Badge tone="idle" word={t("steps.next")} />}
      </h3>
      {props.done && props.children ? (
        <details>
          <summary className="min-h-6 cursor-pointer text-fg-2">{t("steps.show")}</summary>
          <div className="mt-3 space-y-3">{props.children}</div>
        </details>
      ) : (
        props.children
      )}
    </li>
  );
}

function Connect({ baseUrl }: { baseUrl: string | null }) {
  const { t } = useTranslation();
  const [client, setClient] = useState<Client>("codex");
  const origin = baseUrl ?? window.location.origin;
  const names = {
    file: t("clients.codex_file"),
    shell: t("clients.shell"),
    verify: t("clients.verify"),
  };
  return (
    <>
      <p>
        {t("steps.connect.text")} {t("steps.connect.model")}
      </p>
      {isInsecure(origin) && <Notice tone="warn">{t("steps.connect.insecure")}</Notice>}
      <Tabs
        label={t("clients.label")}
        value={client}
        onChange={setClient}
        options={clients.map((value) => ({ value, label: t(`clients.${value}`) }))}
      >
        <p className="text-fg-2">{t(`clients.${client}_note`)}</p>
        {snippetsFor(client, origin).map((snippet) => (
          <CodeBlock key={snippet.id} name={names[snippet.id]} text={snippet.text} />
        ))}
      </Tabs>
    </>
  );
}
