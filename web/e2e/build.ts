import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Debug builds of Realms show the page from `web/dist`: makes it anew if anything changed. */
export default function build() {
  execFileSync(join(import.meta.dirname, "../../scripts/web"), { stdio: "inherit" });
}
