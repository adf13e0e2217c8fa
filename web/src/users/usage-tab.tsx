import { UsageView } from "@/usage/usage-page";
import { useShownUser } from "./user-page";

/** The calls of the user. */
export function UsageTab() {
  const { username } = useShownUser();
  return (
    <div className="space-y-6">
      <UsageView whose="all" user={username} />
    </div>
  );
}
