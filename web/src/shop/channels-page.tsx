import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePlay, CreditCard, Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { PaymentChannelView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Notice } from "@/components/ui/notice";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { AppLink, linkLook } from "@/connect/app-link";
import { useListState } from "@/filter/list-state";
import { useMaking } from "@/filter/making";
import { useReauthenticated } from "@/session/reauthentication";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { ChannelChange } from "./channel-change";
import { useChannelColumns } from "./channel-columns";
import { ChannelForm } from "./channel-form";
import { channelsQuery, paymentChannels, refreshChannels } from "./office";

/** Accounts at gateways. Root alone sees the page: whoever sets up where money goes can take it. */
export function ChannelsPage() {
  const { t } = useTranslation("orders");
  const state = useListState();
  const sheet = useMaking();
  const [made, setMade] = useState<PaymentChannelView>();
  const [changing, setChanging] = useState<PaymentChannelView>();
  const { data, error, isPending, refetch } = useQuery(channelsQuery);
  const rows: Rows<PaymentChannelView> = {
    ...allRows(data?.items ?? []),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  useShortcut({ keys: "n", label: t("channels.make"), group: "page" }, () => sheet.make(true));
  const make = (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => sheet.make(true)}>
      {t("channels.make")}
    </Button>
  );
  const close = () => {
    setMade(undefined);
    sheet.make(false);
  };
  return (
    <Page title={t("channels.title")} about={t("channels.about")} actions={make}>
      <p className="max-w-180 text-fg-2">
        {t("channels.terms")}{" "}
        <AppLink href="/admin/settings?section=billing" className={linkLook}>
          {t("channels.terms_link")}
        </AppLink>
      </p>
      <DataTable
        name="payment_channels"
        label={t("channels.title")}
        columns={useChannelColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ name }) => name}
        actions={useActions(setChanging)}
        nothing={{
          icon: <CreditCard />,
          title: t("channels.none"),
          text: t("channels.none_text"),
          action: make,
        }}
      />
      <Sheet open={sheet.isMaking} onOpenChange={(isOpen) => !isOpen && close()}>
        {sheet.isMaking && (
          <SheetContent
            keepOpen
            title={t("channels.make")}
            {...(made && {
              footer: (
                <Button variant="primary" onClick={close}>
                  {t("channels.done")}
                </Button>
              ),
            })}
          >
            {made ? <Made channel={made} /> : <ChannelForm onMade={setMade} />}
          </SheetContent>
        )}
      </Sheet>
      <ChannelChange channel={changing} onClose={() => setChanging(undefined)} />
    </Page>
  );
}

/** What is left to do at the gateway. */
function Made({ channel }: { channel: PaymentChannelView }) {
  const { t } = useTranslation("orders");
  if (channel.notify_url === undefined) {
    return <Notice tone="warn">{t("channels.no_address")}</Notice>;
  }
  return (
    <div className="space-y-3">
      <p className="text-fg-2">{t(`channels.tell.${channel.kind}`)}</p>
      <CodeBlock name={t("channels.notify")} text={channel.notify_url} wrap />
    </div>
  );
}

function useActions(
  change: (channel: PaymentChannelView) => void,
): (channel: PaymentChannelView) => readonly RowAction[] {
  const { t } = useTranslation("orders");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const words = useProblemText();
  async function toggle({ id, name }: PaymentChannelView, on: boolean) {
    try {
      await known(() => paymentChannels.change(id, { enabled: on }));
      toast.done(t(on ? "channels.enabled_done" : "channels.disabled_done", { name }));
    } catch (caught) {
      const problem = asProblem(caught);
      toast.failed(words(problem), problem.detail);
    }
    await refreshChannels(queries);
  }
  return (channel) => [
    {
      id: "change",
      label: t("channels.change"),
      icon: <Pencil />,
      run: () => change(channel),
    },
    channel.enabled
      ? {
          id: "disable",
          label: t("channels.disable"),
          icon: <Ban />,
          run: () => void toggle(channel, false),
        }
      : {
          id: "enable",
          label: t("channels.enable"),
          icon: <CirclePlay />,
          run: () => void toggle(channel, true),
        },
  ];
}
