import type { Os } from "./templates/target";

/** The shell that the person most likely uses, from what the browser says of the system. */
export function detectOs(platform: string = browserPlatform()): Os {
  return /win/i.test(platform) && !/darwin/i.test(platform) ? "powershell" : "macos_linux";
}

function browserPlatform(): string {
  return navigator.userAgent;
}
