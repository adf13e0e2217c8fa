import { Columns2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Empty } from "@/components/ui/empty";
import { IconButton } from "@/components/ui/icon-button";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Page } from "@/shell/page";
import { CodeView } from "./code-view";
import { Columns } from "./columns";
import { Composer } from "./composer";
import { ConversationMenu } from "./conversation-menu";
import { ConversationView } from "./conversation-view";
import { estimateOf } from "./estimate";
import type { TraceHref } from "./figures";
import { ParametersForm } from "./parameters-form";
import { RawView } from "./raw-view";
import { mostThreads } from "./thread";
import { ThreadPicker } from "./thread-picker";
import { type Playground, type PlaygroundGiven, usePlayground } from "./use-playground";

interface Props extends PlaygroundGiven {
  /** The address that exported programs are to use. */
  origin: string;
  traceHref?: TraceHref;
}

const usageHref = (requestId: string) => `/usage?req=${encodeURIComponent(requestId)}`;

/** Parameters on the left, the conversation on the right, or several beside each other. */
export function PlaygroundPage({ origin, traceHref = usageHref, ...given }: Props) {
  const { t } = useTranslation("playground");
  const play = usePlayground(given);
  const [isWide] = useState(() => window.innerWidth >= 1_024);
  const { threads } = play;
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
          <div className="flex items-center gap-2 max-sm:gap-0">
            <TabsList aria-label={t("title")} className="flex-1">
              <TabsTrigger value="chat">{t("tab.chat")}</TabsTrigger>
              <TabsTrigger value="raw">{t("tab.raw")}</TabsTrigger>
              <TabsTrigger value="code">{t("tab.code")}</TabsTrigger>
            </TabsList>
            {given.models.length > 0 && threads.length < mostThreads && (
              <IconButton
                label={t("compare.add")}
                icon={<Columns2 aria-hidden="true" />}
                onClick={play.addThread}
              />
            )}
            <ConversationMenu play={play} />
          </div>
          <TabsContent value="chat" className="space-y-6">
            <Conversations play={play} traceHref={traceHref} />
            <Composer
              running={play.running}
              canSend={play.canSend}
              isComparing={threads.length > 1}
              estimate={(prompt) => estimateOf(threads, play.parameters, prompt, given.models)}
              onSend={play.ask}
              onStop={() => play.stop()}
            />
          </TabsContent>
          <TabsContent value="raw">
            <ThreadPicker threads={threads}>
              {(thread) => <RawView sent={thread.sent} />}
            </ThreadPicker>
          </TabsContent>
          <TabsContent value="code">
            <ThreadPicker threads={threads}>
              {(thread) => (
                <CodeView
                  origin={origin}
                  dialect={thread.dialect}
                  request={thread.sent?.request ?? play.draftOf(thread)}
                />
              )}
            </ThreadPicker>
          </TabsContent>
        </Tabs>
      </div>
    </Page>
  );
}

function Conversations({ play, traceHref }: { play: Playground; traceHref: TraceHref }) {
  const { t } = useTranslation("playground");
  const [only, another] = play.threads;
  if (!only) return null;
  if (another) return <Columns play={play} traceHref={traceHref} />;
  if (only.tree.all.length === 0) return <Empty title={t("empty.title")} text={t("empty.text")} />;
  return <ConversationView thread={only} play={play} traceHref={traceHref} />;
}
