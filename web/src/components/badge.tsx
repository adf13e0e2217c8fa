export type Tone = "ok" | "warn" | "err" | "idle";

const shapes: Record<Tone, string> = { ok: "●", warn: "▲", err: "■", idle: "○" };
const colours: Record<Tone, string> = {
  ok: "text-ok",
  warn: "text-warn",
  err: "text-err",
  idle: "text-fg-3",
};

/** A state in a word: shape and colour say the same thing again. */
export function Badge({ tone, word }: { tone: Tone; word: string }) {
  return (
    <span className={`inline-flex items-center gap-1.5 font-medium text-sm ${colours[tone]}`}>
      <span aria-hidden="true" className="text-[0.625rem]">
        {shapes[tone]}
      </span>
      {word}
    </span>
  );
}
