/** A month as the page shows it: the spend adding up, and where it goes. */
import type { Dashboard } from "@/api/types";
import type { Buckets } from "@/chart/bucket";
import { nanoOf, usdOf } from "@/format/money";
import { type Forecast, forecastOf } from "./forecast";

type Month = Dashboard["month"];

const dayMs = 86_400_000;
const minuteMs = 60_000;

export interface MonthView {
  readonly buckets: Buckets;
  /** Dollars by the end of each day, today until now; `null` for days to come. */
  readonly spent: readonly (number | null)[];
  /** For the end of each day from today on; `undefined` for the days before, and while it is too early. */
  readonly forecasts: readonly (Forecast | undefined)[];
  /** For the end of the month. */
  readonly forecast: Forecast | undefined;
  /** From the first day to the end of this minute: an address that finds every call that counts. */
  readonly soFar: { readonly since: string; readonly until: string };
  /** The days that are over, which the forecast is made from. */
  readonly whole: { readonly since: string; readonly until: string };
}

export function monthOf(month: Month, now: number): MonthView {
  const starts = month.starts.map((start) => new Date(start).toISOString());
  const end = new Date(month.end).toISOString();
  const today = month.days.length - 1;
  const costs = month.days.map(({ cost_usd }) => Number(cost_usd));
  const endOf = (at: number) => Date.parse(starts[at + 1] ?? end);
  // What the server called today stays today, whatever the clock here says.
  const clock = Math.min(Math.max(now, Date.parse(starts[today] ?? end)), endOf(today));
  const forecasts = starts.map((_, at) =>
    at < today
      ? undefined
      : forecastOf({
          days: costs.slice(0, today),
          today: costs[today] ?? 0,
          daysLeft: (endOf(at) - clock) / dayMs,
        }),
  );
  const since = starts[0] ?? end;
  return {
    buckets: { starts, size: "day" },
    spent: addedUp(month, starts.length),
    forecasts,
    forecast: forecasts.at(-1),
    soFar: { since, until: new Date(Math.ceil((now + 1) / minuteMs) * minuteMs).toISOString() },
    whole: { since, until: starts[today] ?? end },
  };
}

/** Each day with all before it; added exactly, drawn nearly. */
function addedUp({ days }: Month, length: number): (number | null)[] {
  let sum = 0n;
  return Array.from({ length }, (_, at) => {
    const day = days[at];
    if (!day) return null;
    sum += nanoOf(day.cost_usd);
    return Number(usdOf(sum));
  });
}

type Standing = "within" | "will_pass" | "passed";

/** How a month stands to its budget. */
export function standingOf(
  spent: string,
  forecast: Forecast | undefined,
  budget: string,
): Standing {
  if (nanoOf(spent) > nanoOf(budget)) return "passed";
  return forecast && forecast.middle > Number(budget) ? "will_pass" : "within";
}
