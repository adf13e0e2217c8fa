import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { OrdersPage } from "@/shop/orders-page";

export const Route = createFileRoute("/_app/admin/orders")({
  validateSearch: listSearch,
  loader: () => loadTexts("orders", "shop", "table"),
  component: OrdersPage,
});
