import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { traces } from "./fixtures/all";
import type { TraceLinks } from "./trace-actions";
import { TracePanel } from "./trace-panel";
import { TraceView } from "./trace-view";

const links: TraceLinks = {
  self: "/usage?req=01890a5d",
  playground: "/playground",
  similar: "/usage",
  simulate: "/admin/routing",
};

/** Every example trace, on the page and in the panel. `initial` is the one to begin with. */
export default function TraceGallery({ initial = "fallback" }: { initial?: string }) {
  const names = Object.keys(traces);
  const [name, setName] = useState(initial);
  const [open, setOpen] = useState(false);
  const trace = traces[name];
  const at = names.indexOf(name);
  const go = (to: number) => {
    const next = names[to];
    return next === undefined ? undefined : () => setName(next);
  };
  return (
    <div className="space-y-6">
      <div className="flex gap-2">
        <Select aria-label={name} value={name} onChange={(event) => setName(event.target.value)}>
          {names.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <Button onClick={() => setOpen(true)}>{name}</Button>
      </div>
      {trace && <TraceView trace={trace} links={links} />}
      <TracePanel
        requestId={open ? trace?.call.request_id : undefined}
        trace={trace}
        onClose={() => setOpen(false)}
        onNext={go(at + 1)}
        onPrevious={go(at - 1)}
        onFull={() => setOpen(false)}
        links={links}
      />
    </div>
  );
}
