import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Empty } from "@/components/ui/empty";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Page } from "@/shell/page";
import { AnswerView, type TraceHref } from "./answer-view";
import { CodeView } from "./code-view";
import { Composer } from "./composer";
import type { Turn } from "./conversation";
import { ConversationMenu } from "./conversation-menu";
import { ParametersForm } from "./parameters-form";
import { RawView } from "./raw-view";
import { ToolView, UserView } from "./turn-view";
import { type Playground, type PlaygroundGiven, usePlayground } from "./use-playground";

interface Props extends PlaygroundGiven {
  /** The address that exported programs are to use. */
  origin: string;
  traceHref?: TraceHref;
}

const usageHref = (requestId: string) => `/usage?req=${encodeURIComponent(requestId)}`;

/** Parameters on the left, the conversation on the right. */
export function PlaygroundPage({ origin, traceHref = usageHref, ...given }: Props) {
  const { t } = useTranslation("playground");
  const play = usePlayground(given);
  const [isWide] = useState(() => window.innerWidth >= 1_024);
  return (
    <Page title={t("title")} about={t("lead")}>
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <details open={isWide} className="self-start">
          <summary className="mb-3 w-fit cursor-pointer rounded-badge font-medium">
            {t("form.heading")}
          </summary>
          <ParametersForm play={play} models={given.models} keys={given.keys} />
        </details>
        <Tabs defaultValue="chat" className="min-w-0">
          <div className="flex items-center gap-2">
            <TabsList aria-label={t("title")} className="flex-1">
              <TabsTrigger value="chat">{t("tab.chat")}</TabsTrigger>
              <TabsTrigger value="raw">{t("tab.raw")}</TabsTrigger>
              <TabsTrigger value="code">{t("tab.code")}</TabsTrigger>
            </TabsList>
            <ConversationMenu play={play} />
          </div>
          <TabsContent value="chat" className="space-y-6">
            <Conversation play={play} traceHref={traceHref} />
            <Composer
              running={play.running}
              canSend={play.canSend}
              onSend={play.ask}
              onStop={play.stop}
            />
          </TabsContent>
          <TabsContent value="raw">
            <RawView sent={play.sent} />
          </TabsContent>
          <TabsContent value="code">
            <CodeView
              origin={origin}
              dialect={play.parameters.dialect}
              request={play.sent?.request ?? play.draft}
            />
          </TabsContent>
        </Tabs>
      </div>
    </Page>
  );
}

function Conversation(props: { play: Playground; traceHref: TraceHref }) {
  const { t } = useTranslation("playground");
  const { play, traceHref } = props;
  if (play.turns.length === 0) return <Empty title={t("empty.title")} text={t("empty.text")} />;
  return (
    <ol className="space-y-6">
      {play.turns.map((turn, at) => (
        <li key={turn.id} className="grid gap-x-4 gap-y-1 sm:grid-cols-[6rem_minmax(0,1fr)]">
          <h2 className="font-medium text-fg-2 text-sm">{headingOf(turn, t)}</h2>
          {turn.role === "user" ? (
            <UserView
              turn={turn}
              running={play.running}
              onEdit={(text) => play.edit(turn.id, text)}
            />
          ) : turn.role === "tool" ? (
            <ToolView turn={turn} />
          ) : (
            <AnswerView
              turn={turn}
              isLast={at === play.turns.length - 1}
              running={play.running}
              play={play}
              traceHref={traceHref}
            />
          )}
        </li>
      ))}
    </ol>
  );
}

function headingOf(turn: Turn, t: ReturnType<typeof useTranslation<"playground">>["t"]): string {
  if (turn.role === "tool") return t("turn.tool", { name: turn.name });
  return t(`turn.${turn.role}`);
}
