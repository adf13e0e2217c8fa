import { CopyButton } from "@/components/ui/copy-button";
import { shortId } from "@/format/id";

interface Props {
  id: string;
  /** With a button that copies it in full. */
  copy?: boolean;
  /** What it names, for the reader of that button. */
  what?: string;
}

/** An id with its middle left out; in full in the tooltip and on the clipboard. */
export function ShortId({ id, copy = false, what }: Props) {
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <code title={id} className="font-mono text-sm">
        {shortId(id)}
      </code>
      {copy && <CopyButton text={id} iconOnly {...(what !== undefined && { what })} />}
    </span>
  );
}
