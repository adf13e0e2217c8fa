/** Environment variables, as each shell sets, keeps and forgets them. */

import { cmd, powershell, sh } from "./quote";
import type { Os } from "./target";

export type Variables = readonly (readonly [name: string, value: string])[];

/** Sets them for this window. */
export function setVariables(os: Os, variables: Variables): string {
  const line = {
    macos_linux: (name: string, value: string) => `export ${name}=${sh(value)}\n`,
    powershell: (name: string, value: string) => `$env:${name} = ${powershell(value)}\n`,
    cmd: (name: string, value: string) => `set ${cmd(`${name}=${value}`)}\n`,
  }[os];
  return variables.map(([name, value]) => line(name, value)).join("");
}

/** Keeps them for every new window. On macOS and Linux these are lines of a profile. */
export function keepVariables(os: Os, variables: Variables): string {
  const line = {
    macos_linux: (name: string, value: string) => `export ${name}=${sh(value)}\n`,
    powershell: (name: string, value: string) =>
      `[Environment]::SetEnvironmentVariable(${powershell(name)}, ${powershell(value)}, 'User')\n`,
    cmd: (name: string, value: string) => `setx ${name} ${cmd(value)}\n`,
  }[os];
  return variables.map(([name, value]) => line(name, value)).join("");
}

/** Forgets them in this window. */
export function unsetVariables(os: Os, names: readonly string[]): string {
  const line = {
    macos_linux: (name: string) => `unset ${name}\n`,
    powershell: (name: string) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue\n`,
    cmd: (name: string) => `set "${name}="\n`,
  }[os];
  return names.map(line).join("");
}

/** Forgets them for good: what `keepVariables` did and what this window holds. */
export function forgetVariables(os: Os, names: readonly string[]): string {
  const kept = {
    macos_linux: "",
    powershell: names
      .map((name) => `[Environment]::SetEnvironmentVariable('${name}', $null, 'User')\n`)
      .join(""),
    cmd: names.map((name) => `reg delete HKCU\\Environment /v ${name} /f\n`).join(""),
  }[os];
  return kept + unsetVariables(os, names);
}

/** One command with variables that end with it; nothing is saved. */
export function runWith(os: Os, variables: Variables, without: readonly string[], command: string) {
  if (os === "macos_linux") {
    const drop = without.map((name) => `-u ${name} `).join("");
    const set = variables.map(([name, value]) => `${name}=${sh(value)} `).join("");
    return `${without.length > 0 ? `env ${drop}` : ""}${set}${command}\n`;
  }
  return `${unsetVariables(os, without)}${setVariables(os, variables)}${command}\n`;
}

/** A word of a command line. */
export function word(os: Os, value: string): string {
  if (/^[\w@%+=:,./-]+$/.test(value) && !(os !== "macos_linux" && /[%@,]/.test(value)))
    return value;
  return { macos_linux: sh, powershell, cmd }[os](value);
}

/** A file below the home folder, as the shell names it. */
export function homePath(os: Os, path: string): string {
  const windows = path.replaceAll("/", "\\");
  return {
    macos_linux: `~/${path}`,
    powershell: `$HOME\\${windows}`,
    cmd: `%USERPROFILE%\\${windows}`,
  }[os];
}

/** The language of commands, for the name and the highlighting of a block. */
export const shellLanguage = { macos_linux: "sh", powershell: "powershell", cmd: "cmd" } as const;

/** Where lines for every new shell go. Windows keeps variables by command instead. */
export const profilePath: Record<Os, string | undefined> = {
  macos_linux: "~/.zshrc, ~/.bashrc",
  powershell: undefined,
  cmd: undefined,
};
