import { cn } from "@/components/class-names";

/** The mark and the name of the site. */
export function Brand(props: { name: string; markOnly?: boolean; className?: string }) {
  return (
    <span className={cn("flex min-w-0 items-center gap-2 font-semibold text-lg", props.className)}>
      <img src="/favicon.svg" alt="" width="20" height="20" className="shrink-0" />
      <span data-raw="" className={props.markOnly ? "sr-only" : "truncate"}>
        {props.name}
      </span>
    </span>
  );
}
