import { StatusBadge } from "@/components/ui/status-badge";
import { Duration } from "@/components/value/duration";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import type { Column } from "./column";
import type { Call } from "./gallery-fixture";

const statuses = { ok: "ok", failed: "down", refused: "degraded" } as const;

/** Columns of the gallery's calls. The words are those of the server: a gallery is not translated. */
export const callColumns: Column<Call>[] = [
  {
    id: "started_at",
    header: "Time",
    cell: ({ at }) => <span className="num">{at.slice(11, 19)}</span>,
    text: ({ at }) => at,
    width: 96,
    sort: "desc",
  },
  {
    id: "outcome",
    header: "Outcome",
    cell: ({ outcome }) => <StatusBadge status={statuses[outcome]} word={outcome} />,
    text: ({ outcome }) => outcome,
    width: 120,
    card: "badge",
  },
  {
    id: "model",
    header: "Model",
    cell: ({ model }) => <bdi>{model}</bdi>,
    text: ({ model }) => model,
    width: 220,
    grows: true,
    card: "title",
  },
  { id: "key", header: "Key", cell: ({ key }) => <bdi>{key}</bdi>, text: ({ key }) => key },
  {
    id: "first",
    header: "First token",
    cell: ({ first }) => <Duration us={first} />,
    text: ({ first }) => String(first),
    width: 110,
    align: "end",
    sort: "desc",
  },
  {
    id: "tokens",
    header: "Tokens",
    cell: ({ tokens }) => <Tokens count={tokens} />,
    text: ({ tokens }) => String(tokens),
    width: 100,
    align: "end",
    card: "figure",
  },
  {
    id: "cost",
    header: "Cost",
    cell: ({ cost }) => <Money usd={cost} />,
    text: ({ cost }) => cost,
    width: 110,
    align: "end",
    sort: "desc",
    card: "figure",
  },
  {
    id: "total",
    header: "Duration",
    cell: ({ total }) => <Duration us={total} />,
    text: ({ total }) => String(total),
    width: 110,
    align: "end",
    sort: "desc",
    hidden: true,
  },
  { id: "client", header: "Client", cell: ({ client }) => client, text: ({ client }) => client },
  {
    id: "id",
    header: "Request",
    cell: ({ id }) => <span className="font-mono text-xs">{id}</span>,
    text: ({ id }) => id,
    hidden: true,
  },
];
