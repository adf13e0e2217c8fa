import { useTranslation } from "react-i18next";

import { CodeBlock } from "@/components/ui/code-block";
import { mostFrames } from "./run";
import type { Sent } from "./thread";

/** The last request as it went out, and every event with the time at which it came. */
export function RawView({ sent }: { sent: Sent | undefined }) {
  const { t } = useTranslation("playground");
  if (!sent) return <p className="text-fg-2">{t("raw.none")}</p>;
  const text = sent.frames
    .map((frame) => `${frame.event ? `event: ${frame.event}\n` : ""}data: ${frame.data}\n`)
    .join("\n");
  return (
    <div className="space-y-6">
      <section className="space-y-2">
        <h3 className="font-medium">{t("raw.request")}</h3>
        <CodeBlock
          name={t("raw.sent", { path: sent.request.path })}
          text={JSON.stringify(sent.request.body, null, 2)}
          wrap
        />
      </section>
      <section className="space-y-2">
        <h3 className="font-medium">{t("raw.answer")}</h3>
        <CodeBlock name={t("raw.answer")} text={text} wrap>
          {sent.frames.map((frame, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: frames are only ever added
            <span key={at} className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-3">
              <span className="num text-right text-fg-3">
                {t("raw.frame", { offset: frame.at_ms })}
              </span>
              <span>
                {frame.event && <span className="text-info">{`${frame.event} `}</span>}
                {frame.data}
              </span>
            </span>
          ))}
        </CodeBlock>
        {sent.frames.length >= mostFrames && (
          <p className="text-fg-2 text-sm">{t("raw.more", { count: mostFrames })}</p>
        )}
      </section>
    </div>
  );
}
