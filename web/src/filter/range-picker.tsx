import { CalendarRange } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Segmented } from "@/components/ui/segmented";
import { useTimeZone } from "@/components/value/time-zone";
import { formatTime } from "@/format/time";
import { boundsOf, type Range, type Span } from "./range";
import { instantOf, wallOf, zoneName } from "./zone-time";

/** The stretch of time a page is about: up to now, or from one instant to another. */
export function RangePicker(props: {
  range: Range;
  onChange: (range: Range) => void;
  spans?: readonly Span[];
}) {
  const { t, i18n } = useTranslation("filter");
  const { range, onChange, spans = ["24h", "7d", "30d"] } = props;
  const zone = useTimeZone();
  const [isOpen, setIsOpen] = useState(false);
  const span = "last" in range ? range.last : "";
  const shown = "last" in range ? undefined : range;
  const words = (instant: string) => formatTime(instant, i18n.language, zone);
  return (
    <div className="flex min-w-0 max-w-full flex-wrap items-center gap-2">
      <Segmented<Span | "">
        label={t("range")}
        value={span}
        onChange={(last) => last !== "" && onChange({ last })}
        options={spans.map((value) => ({ value, label: t(`spans.${value}`) }))}
      />
      <Popover open={isOpen} onOpenChange={setIsOpen}>
        <PopoverTrigger asChild>
          <Button
            variant={shown ? "outline" : "ghost"}
            icon={<CalendarRange aria-hidden="true" />}
            className="min-w-0 shrink px-2.5"
          >
            <span className="num truncate">
              {shown ? `${words(shown.since)} – ${words(shown.until)}` : t("custom")}
            </span>
          </Button>
        </PopoverTrigger>
        <PopoverContent align="end" aria-label={t("custom")} className="w-72">
          <CustomRange
            range={range}
            zone={zone}
            onApply={(next) => {
              setIsOpen(false);
              onChange(next);
            }}
          />
        </PopoverContent>
      </Popover>
    </div>
  );
}

function CustomRange(props: {
  range: Range;
  zone: string | undefined;
  onApply: (range: Range) => void;
}) {
  const { t } = useTranslation("filter");
  const { zone } = props;
  const id = useId();
  const [wall, setWall] = useState(() => {
    const now = Date.now();
    const { since, until } = boundsOf(props.range, now);
    return {
      since: wallOf(since, zone),
      until: wallOf(until ?? new Date(now).toISOString(), zone),
    };
  });
  const [isBad, setIsBad] = useState(false);
  function apply(event: FormEvent) {
    event.preventDefault();
    const since = instantOf(wall.since, zone);
    const until = instantOf(wall.until, zone);
    if (since === undefined || until === undefined || since >= until) setIsBad(true);
    else props.onApply({ since, until });
  }
  return (
    <form onSubmit={apply} className="flex flex-col gap-2">
      {(["since", "until"] as const).map((side) => (
        <div key={side} className="flex flex-col gap-1">
          <label htmlFor={`${id}-${side}`} className="text-sm">
            {t(side === "since" ? "from" : "until")}
          </label>
          <Input
            id={`${id}-${side}`}
            type="datetime-local"
            aria-invalid={isBad || undefined}
            aria-describedby={isBad ? id : undefined}
            value={wall[side]}
            onChange={(event) => {
              setIsBad(false);
              setWall({ ...wall, [side]: event.currentTarget.value });
            }}
          />
        </div>
      ))}
      {isBad && (
        <p id={id} role="alert" className="text-err text-sm">
          {t("bad_range")}
        </p>
      )}
      <p className="text-fg-3 text-xs">{t("zone", { zone: zoneName(zone) })}</p>
      <Button type="submit" size="sm" className="self-end">
        {t("apply")}
      </Button>
    </form>
  );
}
