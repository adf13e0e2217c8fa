import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { rankingSearch, usualDays } from "@/ranking/days";
import { RankingPage } from "@/ranking/ranking-page";

export const Route = createFileRoute("/_app/ranking")({
  validateSearch: rankingSearch,
  loader: () => loadTexts("ranking", "chart"),
  component: Ranking,
});

function Ranking() {
  // What does not hold is left out of the search, yet still stands in the address.
  const { days = usualDays } = rankingSearch(Route.useSearch());
  return <RankingPage days={days} />;
}
