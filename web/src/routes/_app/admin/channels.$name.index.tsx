import { createFileRoute } from "@tanstack/react-router";

import { OverviewTab } from "@/channels/overview-tab";

export const Route = createFileRoute("/_app/admin/channels/$name/")({ component: OverviewTab });
