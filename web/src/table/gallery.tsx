import { Ban, Copy, Pencil } from "lucide-react";
import { type ReactNode, useState } from "react";

import { ApiProblem } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { useLocalListState } from "@/filter/list-state";
import { DataTable, type DataTableProps } from "./data-table";
import { callColumns } from "./gallery-columns";
import { type Call, calls } from "./gallery-fixture";
import { allRows, type Rows } from "./rows";

const many = calls(10_000);
const pending: Rows<Call> = { ...allRows<Call>([]), status: "pending" };
const failed: Rows<Call> = {
  ...allRows<Call>([]),
  status: "error",
  error: new ApiProblem({ code: "unavailable", status: 503, requestId: "req_8f2c01" }),
};

/** The table in all its states, for the gallery. Its words are not translated. */
export default function TableGallery() {
  const [loaded, setLoaded] = useState(50);
  const paged: Rows<Call> = {
    ...allRows(many.slice(0, loaded)),
    hasMore: loaded < many.length,
    approxTotal: 12_400,
    loadMore: () => setLoaded((count) => count + 50),
  };
  return (
    <div className="space-y-8">
      <Part title="10,000 rows">
        <Sample name="many" rows={allRows(many)} fresh={{ count: 12, show: () => undefined }} />
      </Part>
      <Part title="Pages">
        <Sample name="paged" rows={paged} className="max-h-80" />
      </Part>
      <Part title="Loading">
        <Sample name="pending" rows={pending} />
      </Part>
      <Part title="Failed">
        <Sample name="failed" rows={failed} />
      </Part>
      <Part title="Nothing">
        <Sample name="empty" rows={allRows<Call>([])} />
      </Part>
    </div>
  );
}

function Sample({
  rows,
  name,
  ...rest
}: { rows: Rows<Call>; name: string } & Partial<DataTableProps<Call>>) {
  const state = useLocalListState({ sort: "-started_at" });
  return (
    <DataTable
      name={`gallery.${name}`}
      label={name}
      columns={callColumns}
      rows={rows}
      state={state}
      rowId={(call) => call.id}
      rowLabel={(call) => call.id}
      opens="row"
      actions={(call) => [
        {
          id: "edit",
          label: "Edit",
          icon: <Pencil />,
          keys: "e",
          run: () => state.setRow(call.id),
        },
        { id: "copy", label: "Duplicate", icon: <Copy />, run: () => undefined },
        { id: "stop", label: "Disable", icon: <Ban />, danger: true, run: () => undefined },
      ]}
      bulk={(selection) => (
        <Button size="sm" onClick={selection.clear}>
          {`Disable ${selection.count}`}
        </Button>
      )}
      nothing={{ title: "None", text: "Rows appear here.", action: <Button>{"Create"}</Button> }}
      {...rest}
    />
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="space-y-2">
      <h2 className="font-semibold text-lg">{title}</h2>
      {children}
    </section>
  );
}
