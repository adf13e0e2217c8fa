import { Square } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { ConversationView } from "./conversation-view";
import type { TraceHref } from "./figures";
import { RemoveThread } from "./remove-thread";
import type { Thread } from "./thread";
import { useThreadName } from "./thread-name";
import { ThreadState } from "./thread-state";
import type { Playground } from "./use-playground";

interface Props {
  play: Playground;
  traceHref: TraceHref;
}

/** Models beside each other; where there is no room for that, one of them at a time. */
export function Columns({ play, traceHref }: Props) {
  const { t } = useTranslation("playground");
  const [chosen, setChosen] = useState<string>();
  const { threads } = play;
  const nameOf = useThreadName(threads);
  const shown = threads.find(({ id }) => id === chosen)?.id ?? threads[0]?.id ?? "";
  return (
    <div className="@container">
      <Segmented
        className="mb-4 @xl:hidden"
        label={t("compare.shown")}
        options={threads.map((thread) => ({
          value: thread.id,
          label: (
            <>
              {nameOf(thread)}
              <ThreadState thread={thread} />
            </>
          ),
        }))}
        value={shown}
        onChange={setChosen}
      />
      <div className="@xl:grid @xl:auto-cols-fr @xl:grid-flow-col @xl:divide-x @xl:divide-line">
        {threads.map((thread) => (
          <Column
            key={thread.id}
            thread={thread}
            name={nameOf(thread)}
            play={play}
            traceHref={traceHref}
            className={cn(
              "@xl:block min-w-0 @xl:px-4 @xl:first:pl-0 @xl:last:pr-0",
              thread.id !== shown && "hidden",
            )}
          />
        ))}
      </div>
    </div>
  );
}

function Column(props: Props & { thread: Thread; name: string; className: string }) {
  const { t } = useTranslation("playground");
  const { thread, name, play, traceHref, className } = props;
  const isEmpty = thread.tree.all.length === 0;
  return (
    <section aria-label={name} className={className}>
      <div className="mb-4 flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1">
        <div className="flex min-w-0 flex-1 items-center gap-2">
          <h2 className="min-w-0 font-semibold [overflow-wrap:anywhere]">{name}</h2>
          <ThreadState thread={thread} />
        </div>
        {thread.running && (
          <Button
            size="sm"
            aria-label={t("compare.stop", { name })}
            icon={<Square aria-hidden="true" />}
            onClick={() => play.stop(thread.id)}
          >
            {t("composer.stop")}
          </Button>
        )}
        <RemoveThread
          name={name}
          hasTurns={!isEmpty}
          onRemove={() => play.removeThread(thread.id)}
        />
      </div>
      {isEmpty ? (
        <p className="text-fg-2">{t("empty.title")}</p>
      ) : (
        <ConversationView thread={thread} play={play} traceHref={traceHref} isColumn />
      )}
    </section>
  );
}
