import { createFileRoute } from "@tanstack/react-router";

import { TestsTab } from "@/channel-tests/tests-tab";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/channels/$name/tests")({
  loader: () => loadTexts("channel_tests"),
  component: TestsTab,
});
