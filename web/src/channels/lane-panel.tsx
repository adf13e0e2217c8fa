import { CornerDownRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { StandingBadges } from "@/channel-groups/standing-badges";
import { cn } from "@/components/class-names";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { StatusBadge } from "@/components/ui/status-badge";
import { isEnabled } from "@/config/objects";
import { AppLink, linkLook } from "@/connect/app-link";
import { formatShare } from "@/format/number";
import { useMay } from "@/session/use-me";
import { ChannelState } from "./channel-state";
import type { Lane, LaneMember, LaneTier } from "./lanes";
import { OrderCell } from "./order-cell";

/** So many channels of a lane are shown unasked. */
const mostShown = 20;

/** One group: which channels a call tries that may use it, in which order, and who is passed over and why. */
export function LanePanel(props: { lane: Lane; marked: ReadonlySet<string> | undefined }) {
  const { t } = useTranslation("lanes");
  const { lane, marked } = props;
  const [isWhole, setIsWhole] = useState(false);
  const heading = useId();
  const tiers = isWhole ? lane.tiers : firstOf(lane.tiers, mostShown);
  return (
    <li
      aria-labelledby={heading}
      className="min-w-0 overflow-hidden rounded-panel border border-line bg-surface"
    >
      <header className="space-y-1 border-line border-b bg-surface-2 px-3 py-2">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 id={heading} className="min-w-0 font-semibold [overflow-wrap:anywhere]">
            <Path path={lane.path} />
          </h2>
          <span className="num text-fg-2 text-sm">{`×${lane.multiplier}`}</span>
          <span className="flex-1" />
          {!lane.isOn && <StatusBadge status="disabled" word={t("off")} />}
          {lane.isOn && lane.count > 0 && (
            <span className="num text-fg-2 text-sm">
              {t("tried", { count: lane.tried, all: lane.count })}
            </span>
          )}
        </div>
        <Trouble lane={lane} />
      </header>
      {tiers.length > 0 && (
        <ol>
          {tiers.map((tier) => (
            <Tier key={JSON.stringify(tier.standing)} tier={tier} lane={lane} marked={marked} />
          ))}
        </ol>
      )}
      {!isWhole && lane.count > mostShown && (
        <div className="border-line border-t px-3 py-1.5">
          <Button size="sm" variant="ghost" onClick={() => setIsWhole(true)}>
            {t("all", { count: lane.count })}
          </Button>
        </div>
      )}
      <Children lane={lane} />
    </li>
  );
}

/** The first so many channels, with the tiers they are in. */
function firstOf(tiers: readonly LaneTier[], most: number): LaneTier[] {
  let left = most;
  return tiers.flatMap((tier) => {
    const members = tier.members.slice(0, Math.max(left, 0));
    left -= members.length;
    return members.length > 0 ? [{ ...tier, members }] : [];
  });
}

function Path({ path }: { path: readonly string[] }) {
  const name = path.at(-1) ?? "";
  const above = path.slice(0, -1).join(" / ");
  return (
    <>
      {above !== "" && (
        <span data-raw="" className="font-normal text-fg-2">
          <bdi>{above}</bdi>
          {" / "}
        </span>
      )}
      <AppLink
        href={`/admin/channel-groups/${encodeURIComponent(name)}`}
        data-raw=""
        className="rounded-badge hover:underline"
      >
        <bdi>{name}</bdi>
      </AppLink>
    </>
  );
}

/** What keeps calls from the lane, or from most of it. */
function Trouble({ lane }: { lane: Lane }) {
  const { t } = useTranslation(["channels", "lanes"]);
  const { lastResort } = lane;
  if (!lane.isOn) return <p className="text-fg-2 text-sm">{t("lanes:off_text")}</p>;
  const cut = lane.isCut && <p className="text-fg-2 text-sm">{t("lanes:cut")}</p>;
  if (lane.tried > 0) return cut || null;
  if (lane.count === 0) {
    return (
      <>
        {cut}
        <Notice tone="warn" className="text-sm">
          {t("lanes:empty")}
        </Notice>
      </>
    );
  }
  return (
    <>
      {cut}
      <Notice
        tone={lastResort ? "warn" : "err"}
        className="text-sm"
        heading={t(lastResort ? "lanes:all_rest" : "lanes:unusable")}
      >
        {lastResort && (
          <p>
            {t("lanes:last_resort")}{" "}
            <bdi data-raw="" data-private="" className="font-medium">
              {lastResort.channel.name}
            </bdi>
          </p>
        )}
      </Notice>
    </>
  );
}

function Tier(props: { tier: LaneTier; lane: Lane; marked: ReadonlySet<string> | undefined }) {
  const { t } = useTranslation("lanes");
  const { tier, lane, marked } = props;
  const { standing } = tier;
  const heading = useId();
  return (
    <li aria-labelledby={heading} className="border-line border-b last:border-b-0">
      <h3
        id={heading}
        className="num flex flex-wrap items-center gap-x-2 px-3 pt-1.5 text-fg-2 text-xs"
      >
        <StandingBadges standing={standing} />
        {!standing.pinned && t("priority", { priority: standing.priorities.join(" › ") })}
      </h3>
      <ul>
        {tier.members.map((member) => (
          <Member
            key={member.channel.name}
            member={member}
            lane={lane}
            isMarked={marked?.has(member.channel.name) ?? false}
          />
        ))}
      </ul>
    </li>
  );
}

function Member(props: { member: LaneMember; lane: Lane; isMarked: boolean }) {
  const { t } = useTranslation("lanes");
  const { member, lane, isMarked } = props;
  const { channel, via } = member;
  const mayWrite = useMay("channels.write");
  return (
    <li className={cn("space-y-0.5 px-3 py-1.5", isMarked && "bg-info-soft")}>
      <div className="flex items-center gap-2">
        <AppLink
          href={`/admin/channels/${encodeURIComponent(channel.name)}`}
          data-raw=""
          data-private=""
          className={cn(
            "min-w-0 flex-1 truncate rounded-badge hover:underline",
            member.isTried ? "font-medium" : isMarked ? "text-fg-2" : "text-fg-3",
          )}
        >
          <bdi>{channel.name}</bdi>
        </AppLink>
        {isMarked && <span className="sr-only">{t("marked")}</span>}
        <Share member={member} />
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm">
        <span className="min-w-0 flex-1 basis-40">
          <State member={member} />
        </span>
        <OrderCell channel={channel} fixed={!mayWrite} />
      </div>
      {via.length > 0 && (
        <p className="flex min-w-0 items-center gap-1.5 text-fg-2 text-xs">
          <CornerDownRight aria-hidden="true" className="size-3 shrink-0 stroke-[1.5]" />
          <span className="min-w-0 truncate">
            {t("via")} <bdi data-raw="">{via.join(" / ")}</bdi>
          </span>
          {member.multiplier !== lane.multiplier && (
            <span className="num">{`×${member.multiplier}`}</span>
          )}
        </p>
      )}
    </li>
  );
}

/** How the channel is; one that is switched off says so before its state has come. */
function State({ member: { channel, status } }: { member: LaneMember }): ReactNode {
  const { t } = useTranslation("channels");
  if (!isEnabled(channel)) return <StatusBadge status="disabled" word={t("state.disabled")} />;
  return <ChannelState status={status} />;
}

/** Of the calls that come to its priority, how many try it first. */
function Share({ member }: { member: LaneMember }) {
  const { t, i18n } = useTranslation("lanes");
  const { isTried, share, channel } = member;
  if (!isTried) return <Badge>{t("passed_over")}</Badge>;
  if (share === undefined || (share === 0 && channel.weight === 0)) {
    return <span className="shrink-0 text-fg-2 text-sm">{t("after_others")}</span>;
  }
  const text = formatShare(share, i18n.language);
  return (
    <span title={t("share", { share: text })} className="flex shrink-0 items-center gap-2">
      <span aria-hidden="true" className="block h-1 w-16 overflow-hidden rounded-full bg-surface-3">
        <span
          className="block h-full rounded-full bg-primary"
          style={{ width: `${Math.max(share * 100, 2)}%` }}
        />
      </span>
      <span aria-hidden="true" className="num w-12 text-right text-sm">
        {text}
      </span>
      <span className="sr-only">{t("share", { share: text })}</span>
    </span>
  );
}

/** The groups in this one, in the order in which a way to a channel is looked for. */
function Children({ lane: { children } }: { lane: Lane }) {
  const { t } = useTranslation("lanes");
  if (children.length === 0) return null;
  return (
    <footer className="border-line border-t bg-surface-2 px-3 py-1.5 text-sm">
      <span className="text-fg-2">{t("children")}</span>{" "}
      {children.map(({ name, isOn }, at) => (
        <span key={name}>
          {at > 0 && <span className="text-fg-3">{" → "}</span>}
          <AppLink
            href={`/admin/channel-groups/${encodeURIComponent(name)}`}
            data-raw=""
            className={cn(linkLook, !isOn && "text-fg-3")}
          >
            <bdi>{name}</bdi>
          </AppLink>
          {!isOn && <span className="text-fg-3">{` (${t("off")})`}</span>}
        </span>
      ))}
    </footer>
  );
}
