/** What a person chose on this device. Storage may be switched off; then nothing is remembered. */

const prefix = "realms.";

export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // The choice holds until the page is closed.
  }
}

export function removePreference(name: string): void {
  try {
    localStorage.removeItem(prefix + name);
  } catch {
    // Nothing was saved either.
  }
}
