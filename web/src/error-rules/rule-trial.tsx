import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Dialect, ErrorTrialResult } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { channelsQuery } from "@/config/queries";
import { useAttempt } from "@/form/use-attempt";
import { Section } from "@/shell/page";
import { DialectOptions } from "@/trace/dialect-options";
import { useReader } from "@/trace/use-reader";
import { causeWord } from "@/trace/words";
import { tryError } from "./queries";
import { changeOf, doesSomething, matchesSomething, type RuleDraft } from "./rule";
import { isErrorStatus } from "./rule-schema";

interface Shown {
  result: ErrorTrialResult;
  /** What was tried: the result is old when it has changed. */
  of: string;
}

/** Tries the rule, as it is typed and beside the saved ones, on an error that no upstream has to make. */
export function RuleTrial({ draft }: { draft: RuleDraft }) {
  const { t } = useTranslation(["error_rules", "trace"]);
  const channels = useQuery(channelsQuery).data?.items ?? [];
  const [status, setStatus] = useState(draft.status[0] ?? "400");
  const [dialect, setDialect] = useState<Dialect>(draft.dialects[0] ?? "chat");
  const [channel, setChannel] = useState(draft.channels[0] ?? "");
  const [body, setBody] = useState(JSON.stringify({ error: { message: draft.contains } }));
  const [shown, setShown] = useState<Shown>();
  const { busy, error, attempt } = useAttempt();
  const answer = useRef<HTMLDivElement>(null);
  const isWhole = draft.name !== "" && matchesSomething(draft) && doesSomething(draft);
  const trial = {
    status: Number(status),
    dialect,
    body,
    ...(channel !== "" && { channel }),
    ...(isWhole && { rule: { name: draft.name, ...changeOf(undefined, draft) } }),
  };
  const now = JSON.stringify(trial);
  const wrong = isErrorStatus(status) ? undefined : t("error_rules:rule.status");

  const run = () =>
    attempt(async () => {
      setShown({ result: await tryError(trial), of: now });
      answer.current?.focus();
    });

  return (
    <Section title={t("error_rules:trial.title")} about={t("error_rules:trial.about")}>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t("error_rules:trial.answers")} error={wrong}>
          <Input
            inputMode="numeric"
            value={status}
            onChange={(event) => setStatus(event.target.value.trim())}
          />
        </Field>
        <Field label={t("error_rules:trial.dialect")}>
          <Select
            value={dialect}
            onChange={(event) => setDialect(event.currentTarget.value as Dialect)}
          >
            <DialectOptions />
          </Select>
        </Field>
        <Field label={t("error_rules:trial.channel")}>
          <Select value={channel} onChange={(event) => setChannel(event.currentTarget.value)}>
            <option value="">{t("error_rules:trial.any_channel")}</option>
            {channels.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label={t("error_rules:trial.body")}>
        <Textarea
          rows={3}
          className="font-mono text-sm"
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
      </Field>
      <Button onClick={() => void run()} disabled={busy || wrong !== undefined}>
        {t("error_rules:trial.verb")}
      </Button>
      {error !== undefined && <ProblemNotice error={error} />}
      <div ref={answer} tabIndex={-1} aria-live="polite">
        {shown !== undefined && error === undefined && (
          <Told result={shown.result} own={draft.name} isOld={shown.of !== now} />
        )}
      </div>
    </Section>
  );
}

interface ToldProps {
  result: ErrorTrialResult;
  own: string;
  isOld: boolean;
}

/** What the client would hear, and because of which rule. */
function Told({ result, own, isOld }: ToldProps) {
  const { t } = useTranslation(["error_rules", "trace"]);
  const reader = useReader();
  const { rule, cause, rests } = result;
  return (
    <div className="space-y-2">
      {isOld && <p className="text-fg-2 text-sm">{t("error_rules:trial.old")}</p>}
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={rule === undefined ? "neutral" : rule === own ? "ok" : "warn"}>
          {rule === undefined ? t("error_rules:trial.no_rule") : <span data-raw="">{rule}</span>}
        </Badge>
        {rule !== undefined && rule !== own && (
          <span className="text-sm">{t("error_rules:trial.other_rule")}</span>
        )}
      </p>
      <ul className="list-disc space-y-1 pl-5 text-sm">
        {cause !== undefined && (
          <li>{t("error_rules:trial.cause", { cause: causeWord(reader, cause) })}</li>
        )}
        <li>{t(result.retried ? "error_rules:trial.retried" : "error_rules:trial.at_once")}</li>
        <li>
          {t("error_rules:trial.rests", {
            scope: t(`trace:scope.${rests ?? "request"}`),
          })}
        </li>
      </ul>
      <CodeBlock
        name={t("error_rules:trial.hears", { status: result.status })}
        text={result.body}
        wrap
      />
    </div>
  );
}
