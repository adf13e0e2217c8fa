import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { FormField } from "@/form/form-field";
import { optionalText, text } from "@/form/rules";
import { codexChannelsQuery } from "./queries";

/** Where an account goes, as a form holds it. */
export const destination = { channel: text(), credential: optionalText(128) };

/** As the server takes it: a name that is left out is the account's own. */
export const destinationOf = (values: { channel: string; credential: string }) => ({
  channel: values.channel,
  ...(values.credential !== "" && { credential: values.credential }),
});

/** The channel and the name of a new credential; the channel is not asked where it is known. */
export function DestinationFields({ channels }: { channels: readonly ChannelView[] | undefined }) {
  const { t } = useTranslation("accounts");
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {channels && (
        <FormField name="channel" label={t("choose.channel")}>
          <Select>
            {channels.map(({ name }) => (
              <option key={name} value={name} data-raw="">
                {name}
              </option>
            ))}
          </Select>
        </FormField>
      )}
      <FormField
        name="credential"
        label={t("choose.credential")}
        help={t("choose.credential_help")}
        optional
      >
        <Input maxLength={128} autoCapitalize="none" />
      </FormField>
    </div>
  );
}

/** What can be chosen from, once it is known; without a channel for accounts there is no form. */
export function WithChannels(props: {
  /** The channel, where it is known. */
  channel: string | undefined;
  children: (first: string, channels: readonly ChannelView[] | undefined) => ReactNode;
}) {
  const { t } = useTranslation("accounts");
  const { channel, children } = props;
  const { data, error, refetch } = useQuery({
    ...codexChannelsQuery,
    enabled: channel === undefined,
  });
  if (channel !== undefined) return children(channel, undefined);
  const first = data?.items[0];
  if (first) return children(first.name, data.items);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40" />;
  return (
    <Empty
      title={t("choose.no_channel")}
      text={t("choose.no_channel_text")}
      action={
        <Button asChild variant="primary">
          <Link to={"/admin/channels" as never} search={{ add: "" } as never}>
            {t("choose.add_channel")}
          </Link>
        </Button>
      }
    />
  );
}
