import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Notice } from "@/components/ui/notice";
import { SheetContent } from "@/components/ui/sheet";
import { ImportFoot } from "@/form/import-foot";
import { TextSource } from "@/form/text-source";
import type { FileMistake } from "./channels-file";
import { ImportLines, NewModels } from "./import-lines";
import type { PlanChange } from "./import-plan";
import { useChannelImport } from "./use-channel-import";

/** What the server reads of one manifest, with room for the change of form. */
const mostBytes = 2 * 1_024 * 1_024;

/** Choose a text, see what would change, tick, do it. */
export default function ImportSteps({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("transfer");
  const state = useChannelImport();
  const { source, report, ticked, done } = state;
  return (
    <SheetContent
      keepOpen
      title={t("title")}
      footer={
        <ImportFoot
          step={done ? "done" : report ? "look" : "source"}
          hasSource={source !== undefined}
          ticked={ticked.size}
          verb={t("write", { count: ticked.size })}
          busy={state.busy}
          compare={state.compare}
          write={state.write}
          restart={state.restart}
          onClose={onClose}
        />
      }
    >
      <div className="space-y-4">
        {done ? (
          <Done changes={done} />
        ) : report ? (
          <>
            {state.isAnew && (
              <div role="alert">
                <Notice tone="warn">{t("anew")}</Notice>
              </div>
            )}
            <ImportLines report={report} ticked={ticked} onTick={state.tick} />
          </>
        ) : (
          <TextSource
            about={t("about")}
            source={source}
            onChange={state.setSource}
            mostBytes={mostBytes}
            isPrivate
          >
            {state.mistakes.length > 0 && <Mistakes mistakes={state.mistakes} />}
          </TextSource>
        )}
        <ProblemNotice error={state.error} />
      </div>
    </SheetContent>
  );
}

const mostMistakes = 20;

/** What is wrong with the text, line by line. */
function Mistakes({ mistakes }: { mistakes: readonly FileMistake[] }) {
  const { t } = useTranslation("transfer");
  const more = mistakes.length - mostMistakes;
  return (
    <div role="alert">
      <Notice tone="err" heading={t("mistakes", { count: mistakes.length })}>
        <ul className="space-y-1 text-sm">
          {mistakes.slice(0, mostMistakes).map((one) => (
            <li key={`${one.line} ${one.field} ${one.code} ${one.what}`}>
              {one.line !== undefined && (
                <span className="num font-medium">{t("line", { line: one.line })} </span>
              )}
              {one.channel !== undefined && (
                <>
                  <bdi data-raw="" data-private="">
                    {one.channel}
                  </bdi>{" "}
                </>
              )}
              {one.field !== undefined && (
                <>
                  <code data-raw="" className="font-mono text-xs">
                    {one.field}
                  </code>{" "}
                </>
              )}
              {t(`mistake.${one.code}`, { what: one.what ?? "" })}
            </li>
          ))}
        </ul>
        {more > 0 && <p className="text-sm">{t("more", { count: more })}</p>}
      </Notice>
    </div>
  );
}

/** What was done, as the server tells it. */
function Done({ changes }: { changes: readonly PlanChange[] }) {
  const { t } = useTranslation("transfer");
  const count = (verb: PlanChange["verb"]) =>
    changes.filter((one) => one.kind === "channel" && one.verb === verb).length;
  return (
    <div role="status" className="space-y-3">
      <Notice tone="ok" heading={t("done")}>
        {t("done_text", { created: count("create"), changed: count("update") })}
      </Notice>
      <NewModels changes={changes} />
    </div>
  );
}
