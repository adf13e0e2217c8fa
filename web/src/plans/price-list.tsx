import type { PlanOffer } from "@/api/types";
import { pricesOf } from "./terms";

/** What a plan costs, in each currency it is sold in. */
export function PriceList({ plan }: { plan: PlanOffer }) {
  return (
    <ul>
      {pricesOf(plan.prices).map((price) => (
        <li key={price} className="num whitespace-nowrap">
          {price}
        </li>
      ))}
    </ul>
  );
}
