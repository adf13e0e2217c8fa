import { PublicLayout } from "@/auth/public-layout";
import { ReauthenticationProvider } from "@/session/reauthentication";
import { RootStep } from "./root-step";
import { Wizard } from "./wizard";

/** A new server: first its root account, then all that lies between it and a first answered call. */
export function SetupPage({ isNew }: { isNew: boolean }) {
  if (isNew) {
    return (
      <PublicLayout>
        <RootStep />
      </PublicLayout>
    );
  }
  return (
    <ReauthenticationProvider>
      <PublicLayout width="page">
        <Wizard />
      </PublicLayout>
    </ReauthenticationProvider>
  );
}
