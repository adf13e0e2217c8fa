import { type Ref, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelOptions, ChannelView, Dialect, ShapeResult } from "@/api/types";
import { bindingsOf, usualDialects } from "@/channels/channel";
import { isSame } from "@/channels/use-channel-edit";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { useAttempt } from "@/form/use-attempt";
import { Section } from "@/shell/page";
import { DialectOptions } from "@/trace/dialect-options";
import { type Mistake, mistakesIn } from "./mistakes";
import type { OptionsDraft } from "./options";
import { shape } from "./queries";
import { headersOf, sampleOf } from "./samples";
import { ShapedView } from "./shaped-view";

interface Props {
  ref?: Ref<HTMLDivElement>;
  channel: ChannelView;
  /** The options as they are typed: what was shown is old when they have changed. */
  draft: OptionsDraft;
  /** The options to try; nothing while they cannot be written. */
  options: () => ChannelOptions | undefined;
  /** The server found mistakes in them, which belong to their fields. */
  onRefused: (mistakes: readonly Mistake[]) => void;
}

interface Sample {
  dialect: Dialect;
  /** Bodies that were typed over the usual ones. */
  bodies: Partial<Record<Dialect, string>>;
  model: string;
  headers: string;
}

/** Tries the options, saved or not, on a request that is never sent. */
export function Tester({ ref, channel, draft, options, onRefused }: Props) {
  const { t } = useTranslation(["options", "trace"]);
  const model = draft.test_model.trim() || bindingsOf(channel)[0]?.name || "model";
  const [sample, setSample] = useState<Sample>({
    dialect: (channel.dialects?.[0] ?? usualDialects[channel.kind][0]) || "chat",
    bodies: {},
    model: "",
    headers: "",
  });
  const [shown, setShown] = useState<Shown>();
  const [wrong, setWrong] = useState<string>();
  const { busy, error, attempt, forgive } = useAttempt();
  const answer = useRef<HTMLElement>(null);
  const { dialect } = sample;
  const body = sample.bodies[dialect] ?? sampleOf(dialect, model);
  const headers = headersOf(sample.headers);
  const change = (more: Partial<Sample>) => setSample((now) => ({ ...now, ...more }));

  const run = () =>
    attempt(async () => {
      setWrong(undefined);
      const tried = options();
      if (tried === undefined) return setWrong(t("options:tester.options_wrong"));
      if ("wrong" in headers) return setWrong(t("options:tester.headers_wrong"));
      const result = await shape(channel.name, {
        dialect,
        body,
        headers: headers.headers,
        options: tried,
        ...(dialect === "gemini" && { model: sample.model.trim() || model }),
      }).catch((problem: unknown) => {
        onRefused(mistakesIn(problem));
        throw problem;
      });
      if (result.refused.length > 0) onRefused(result.refused);
      setShown({ result, before: body, draft, sample });
      answer.current?.focus();
    });

  const isOld = shown && !(isSame(shown.draft, draft) && isSame(shown.sample, sample));
  return (
    <div
      ref={ref}
      className="@container min-w-0 scroll-mt-16 self-start xl:sticky xl:top-16 xl:max-h-[calc(100dvh-5rem)] xl:overflow-y-auto xl:px-1 xl:pb-2"
    >
      <Section title={t("options:tester.title")} about={t("options:tester.about")}>
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          <div className="grid gap-4 @md:grid-cols-2">
            <Field label={t("options:tester.dialect")}>
              <Select
                value={dialect}
                onChange={(event) => {
                  forgive();
                  change({ dialect: event.currentTarget.value as Dialect });
                }}
              >
                <DialectOptions />
              </Select>
            </Field>
            {dialect === "gemini" && (
              <Field
                label={t("options:tester.model")}
                help={t("options:tester.model_help")}
                optional
              >
                <Input
                  className="font-mono text-sm"
                  placeholder={model}
                  value={sample.model}
                  onChange={(event) => change({ model: event.target.value })}
                />
              </Field>
            )}
          </div>
          <Field
            label={t("options:tester.body")}
            aside={
              sample.bodies[dialect] !== undefined && (
                <Button
                  size="sm"
                  variant="ghost"
                  onClick={() => change({ bodies: { ...sample.bodies, [dialect]: undefined } })}
                >
                  {t("options:tester.reset")}
                </Button>
              )
            }
          >
            <Textarea
              className="max-h-80 font-mono text-sm"
              value={body}
              onChange={(event) =>
                change({ bodies: { ...sample.bodies, [dialect]: event.target.value } })
              }
            />
          </Field>
          <Field
            label={t("options:tester.headers")}
            help={t("options:tester.headers_help")}
            error={
              "wrong" in headers
                ? t("options:tester.no_header", { line: headers.wrong })
                : undefined
            }
            optional
          >
            <Textarea
              rows={2}
              className="min-h-14 font-mono text-sm"
              placeholder="x-session-id: 42"
              value={sample.headers}
              onChange={(event) => change({ headers: event.target.value })}
            />
          </Field>
          {wrong !== undefined && (
            <div role="alert">
              <Notice tone="warn">{wrong}</Notice>
            </div>
          )}
          <ProblemNotice error={error} />
          <Button type="submit" loading={busy}>
            {t("options:tester.run")}
          </Button>
        </form>
        <section
          ref={answer}
          tabIndex={-1}
          aria-label={t("options:tester.result")}
          className="outline-none"
        >
          {shown === undefined ? (
            <p className="text-fg-3 text-sm">{t("options:tester.nothing")}</p>
          ) : (
            <div className="space-y-3">
              {isOld && <Notice tone="info">{t("options:tester.old")}</Notice>}
              <ShapedView
                result={shown.result}
                before={shown.before}
                dialect={shown.sample.dialect}
              />
            </div>
          )}
        </section>
      </Section>
    </div>
  );
}

interface Shown {
  result: ShapeResult;
  /** The body that was tried. */
  before: string;
  draft: OptionsDraft;
  sample: Sample;
}
