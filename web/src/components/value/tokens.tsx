import { useTranslation } from "react-i18next";

import { formatCount, formatExact } from "@/format/number";
import { Missing } from "./missing";

/** A count of tokens or calls, short; every figure is in the tooltip. */
export function Tokens({
  count,
  missing,
}: {
  count: number | undefined;
  missing?: string | undefined;
}) {
  const { i18n } = useTranslation();
  if (count === undefined) return <Missing {...(missing !== undefined && { reason: missing })} />;
  return (
    <data value={count} title={formatExact(count, i18n.language)} className="num">
      {formatCount(count)}
    </data>
  );
}
