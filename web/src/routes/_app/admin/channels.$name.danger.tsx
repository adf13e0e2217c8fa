import { createFileRoute } from "@tanstack/react-router";

import { DangerTab } from "@/channels/danger-tab";

export const Route = createFileRoute("/_app/admin/channels/$name/danger")({ component: DangerTab });
