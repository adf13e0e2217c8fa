/** From where on something is told: as a person types it, and as the server counts it. */
import type { NotificationThreshold } from "@/api/types";

type Unit = NotificationThreshold["unit"];

/** What stands in the field: dollars for cents, anything else as it is. */
export function thresholdText(unit: Unit, value: number): string {
  if (unit !== "usd_cents") return String(value);
  const cents = value % 100;
  const dollars = (value - cents) / 100;
  return cents === 0 ? String(dollars) : `${dollars}.${String(cents).padStart(2, "0")}`;
}

/** The number that is meant; `undefined`: none. */
export function thresholdOf(unit: Unit, text: string): number | undefined {
  const pattern = unit === "usd_cents" ? /^(\d{1,9})(?:\.(\d{1,2}))?$/ : /^(\d{1,9})$/;
  const [, whole, fraction = ""] = pattern.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  return unit === "usd_cents" ? Number(whole + fraction.padEnd(2, "0")) : Number(whole);
}

/** What is wrong with it as typed, as a message of the form rules. */
export function thresholdMistake(
  { unit, min, max }: NotificationThreshold,
  text: string,
): string | undefined {
  const value = thresholdOf(unit, text);
  if (value === undefined) return unit === "usd_cents" ? "price" : "number";
  if (value < min) return `at_least:${thresholdText(unit, min)}`;
  if (value > max) return `at_most:${thresholdText(unit, max)}`;
  return undefined;
}
