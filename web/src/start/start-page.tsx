import { useTranslation } from "react-i18next";

import { TopBar } from "../components/top-bar";
import { useHealth } from "../health/use-health";
import { StatePanel } from "./state-panel";
import { Steps } from "./steps";

/** The first page: the state of this Realms, and how to go on. */
export function StartPage() {
  const { t } = useTranslation();
  const { state, ask } = useHealth();
  return (
    <>
      <a
        href="#content"
        className="sr-only rounded-control bg-primary px-3 py-2 text-on-primary focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10"
      >
        {t("page.skip")}
      </a>
      <TopBar />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto max-w-240 space-y-10 px-3 py-6 outline-none sm:px-6"
      >
        <StatePanel state={state} onAsk={ask} />
        <Steps state={state} onChange={ask} />
      </main>
    </>
  );
}
