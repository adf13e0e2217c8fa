import { cn } from "@/components/class-names";

/** Keys to press, in order: `G D`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={cn("inline-flex gap-0.5", className)}>
      {keys.split(" ").map((key, at) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the meaning
          key={at}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-badge border border-line bg-surface-2 px-1 font-sans text-fg-2 text-xs"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
