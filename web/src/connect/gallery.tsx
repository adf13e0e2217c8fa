import { call } from "@/trace/fixtures/base";
import { exhausted } from "@/trace/fixtures/failed";
import { ConnectPanel } from "./connect-panel";
import { FirstRequest } from "./first-request";
import { exampleKey, keys, models } from "./fixtures/account";

/** The panel with a new key, for several clients, and each state of the listener. */
export default function ConnectGallery() {
  const common = { origin: "https://llm.example.org", keys, models };
  return (
    <div className="space-y-16">
      <ConnectPanel
        {...common}
        made={{ id: "ak_1", key: exampleKey }}
        waiting={{ state: "waiting" }}
        onTest={() => undefined}
      />
      <ConnectPanel {...common} client="cursor" origin="http://192.168.1.9:8080" withoutGuide />
      <ConnectPanel
        {...common}
        client="cc_switch"
        made={{ id: "ak_1", key: exampleKey }}
        withoutGuide
      />
      <FirstRequest waiting={{ state: "arrived", call: call(), href: "/usage" }} />
      <FirstRequest waiting={{ state: "arrived", call: exhausted.call, href: "/usage" }} />
      <FirstRequest waiting={{ state: "paused" }} />
    </div>
  );
}
