/** What the routes of the ranking say. Written by hand until the server's document has them: see `api/types`. */

/** How somebody is shown to others. */
export type Shown = "anonymous" | "name" | "hidden";

export interface RankingItem {
  place: number;
  /** Left out: they are shown without it. */
  name?: string;
  calls: number;
  llm_tokens: number;
  mine: boolean;
}

export interface Ranking {
  days: number;
  items: RankingItem[];
  mine: {
    /** Left out where one has none: no calls, or not shown. */
    place?: number;
    calls: number;
    llm_tokens: number;
    shown: Shown;
  };
}
