import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { AnswerView } from "./answer-view";
import type { Turn } from "./conversation";
import type { TraceHref } from "./figures";
import { hasTurn, type Thread } from "./thread";
import { pathOf, versionsOf } from "./tree";
import { ToolView, UserView } from "./turn-view";
import type { Playground } from "./use-playground";
import { VersionSwitch } from "./version-switch";

interface Props {
  thread: Thread;
  play: Playground;
  traceHref: TraceHref;
  /** One of several beside each other: there is no room for headings beside the turns. */
  isColumn?: boolean;
}

/** The turns that are shown of one thread. */
export function ConversationView({ thread, play, traceHref, isColumn = false }: Props) {
  const { t } = useTranslation("playground");
  const turns = pathOf(thread.tree);
  const Heading = isColumn ? "h3" : "h2";
  const running = thread.running !== undefined;
  return (
    <ol className="space-y-6">
      {turns.map((turn, at) => {
        const versions = versionsOf(thread.tree, turn.id);
        const isBusy = isBusyWith(turn, play.threads, thread);
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: another version takes the place of a turn, and the focus stays
            key={at}
            className={cn("grid gap-x-4 gap-y-1", !isColumn && "sm:grid-cols-[6rem_minmax(0,1fr)]")}
          >
            <div
              className={cn(
                "flex flex-wrap items-center gap-x-3 self-start",
                !isColumn && "sm:block",
              )}
            >
              <Heading className="font-medium text-fg-2 text-sm">{headingOf(turn, t)}</Heading>
              <VersionSwitch
                id={turn.id}
                versions={versions}
                disabled={isBusy}
                onChoose={play.choose}
              />
            </div>
            {turn.role === "user" ? (
              <UserView
                key={turn.id}
                turn={turn}
                running={isBusy}
                onEdit={(text) => play.edit(turn.id, text)}
              />
            ) : turn.role === "tool" ? (
              <ToolView turn={turn} />
            ) : (
              <AnswerView
                key={turn.id}
                turn={turn}
                isLast={at === turns.length - 1}
                running={running}
                onRegenerate={() => play.regenerate(thread.id, turn.id)}
                onResults={(results) => play.giveResults(thread.id, results)}
                traceHref={traceHref}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** A prompt is changed in every thread that has it, so none of them may be running. */
function isBusyWith(turn: Turn, threads: readonly Thread[], own: Thread): boolean {
  const concerned =
    turn.role === "user" ? threads.filter((thread) => hasTurn(thread, turn.id)) : [own];
  return concerned.some((thread) => thread.running);
}

function headingOf(turn: Turn, t: ReturnType<typeof useTranslation<"playground">>["t"]): string {
  if (turn.role === "tool") return t("turn.tool", { name: turn.name });
  return t(`turn.${turn.role}`);
}
