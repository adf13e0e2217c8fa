import { createFileRoute } from "@tanstack/react-router";

import { ModelsTab } from "@/channels/models-tab";

export const Route = createFileRoute("/_app/admin/channels/$name/models")({ component: ModelsTab });
