import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { AccountView, ChannelView, LogInBegun } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Form } from "@/form/form";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { AccountArrived } from "./account-arrived";
import { DestinationFields, destination, destinationOf, WithChannels } from "./destination-fields";
import type { Begun, Failure } from "./log-in";
import { LogInSteps } from "./log-in-steps";
import { accounts } from "./queries";

/** What is logged in to: a new account, of a channel where it is known, or one that is there. */
export interface LogInTo {
  channel?: string;
  /** The credential that is logged in to again. */
  again?: string;
}

/** How long the server keeps a log-in. */
const lifeMs = 30 * 60_000;

/** Logs in to an account: an address to open, and the address the browser ends at. */
export function LogInSheet({ to, onClose }: { to: LogInTo | undefined; onClose: () => void }) {
  const { t } = useTranslation("accounts");
  return (
    <Sheet open={to !== undefined} onOpenChange={(open) => !open && onClose()}>
      {to && (
        <SheetContent
          keepOpen
          title={
            to.again === undefined
              ? t("log_in.title")
              : t("log_in.title_again", { credential: to.again })
          }
        >
          <WithChannels channel={to.channel}>
            {(first, channels) => (
              <LogIn first={first} channels={channels} again={to.again} onClose={onClose} />
            )}
          </WithChannels>
        </SheetContent>
      )}
    </Sheet>
  );
}

interface Props {
  first: string;
  channels: readonly ChannelView[] | undefined;
  again: string | undefined;
  onClose: () => void;
}

function LogIn({ onClose, ...props }: Props) {
  const { t } = useTranslation("accounts");
  const [chosen, setChosen] = useState({ channel: props.first, credential: props.again ?? "" });
  const [begun, setBegun] = useState<Begun>();
  const [failure, setFailure] = useState<Failure>();
  const [account, setAccount] = useState<AccountView>();
  if (account) {
    return <AccountArrived account={account} heading={t("log_in.done")} onClose={onClose} />;
  }
  if (begun) {
    const end = (why?: Failure) => {
      setFailure(why);
      setBegun(undefined);
    };
    return <LogInSteps begun={begun} onDone={setAccount} onOver={end} />;
  }
  return (
    <div className="space-y-4">
      {failure && (
        <div role="alert">
          <Notice tone="err">
            <p>{t(`log_in.failed.${failure.word}`)}</p>
            {failure.detail !== "" && (
              <p data-raw="" className="font-mono text-xs">
                {failure.detail}
              </p>
            )}
          </Notice>
        </div>
      )}
      <Beginning
        {...props}
        chosen={chosen}
        onBegun={(of, { url, comes_back }) => {
          setChosen(of);
          setFailure(undefined);
          const until = new Date(Date.now() + lifeMs).toISOString();
          setBegun({ url, until, comesBack: comes_back });
        }}
      />
    </div>
  );
}

type Chosen = { channel: string; credential: string };

function Beginning(
  props: Omit<Props, "onClose" | "first"> & {
    chosen: Chosen;
    onBegun: (chosen: Chosen, begun: LogInBegun) => void;
  },
) {
  const { t } = useTranslation("accounts");
  const { again } = props;
  const form = useForm(z.object(destination), props.chosen);
  return (
    <Form
      form={form}
      autoComplete="off"
      words={(problem) => {
        if (problem.code === "throttled") return t("log_in.failed.too_many");
        return problem.code === "not_found" ? t("log_in.failed.no_channel") : undefined;
      }}
      onSubmit={async (chosen) => {
        props.onBegun(chosen, await accounts.begin(destinationOf(chosen)));
      }}
    >
      <p className="text-fg-2">
        {again !== undefined && `${t("log_in.again_about")} `}
        {t("log_in.about")}
      </p>
      {again === undefined && <DestinationFields channels={props.channels} />}
      <SubmitButton autoFocus>{t("log_in.begin")}</SubmitButton>
    </Form>
  );
}
