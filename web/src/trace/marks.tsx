import type { Considered } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { useReader } from "./use-reader";

/** What moves a candidate up besides its priority, the strongest first. */
const marks = ["pinned", "promoted", "bonded"] as const;

/** A badge for each thing that moves this candidate up. */
export function Marks({ of }: { of: Considered }) {
  const { t } = useReader();
  return marks
    .filter((mark) => of[mark])
    .map((mark) => (
      <Badge key={mark} tone="info">
        {t(`mark.${mark}`)}
      </Badge>
    ));
}

/** What the badges mean, one sentence for each that is seen. */
export function MarkNotes({ considered }: { considered: readonly Considered[] }) {
  const { t } = useReader();
  return marks
    .filter((mark) => considered.some((one) => one[mark]))
    .map((mark) => <li key={mark}>{t(`mark.${mark}_means`)}</li>);
}
