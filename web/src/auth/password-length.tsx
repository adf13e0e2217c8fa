import { useTranslation } from "react-i18next";

const enough = 8;
const good = 14;

/** How long a password is against what is asked and what is good. Length is all that counts. */
export function PasswordLength({ typed }: { typed: string }) {
  const { t } = useTranslation("auth");
  const length = [...typed].length;
  const colour = length < enough ? "bg-fg-3" : length < good ? "bg-warn" : "bg-ok";
  const word = length === 0 ? "rule" : length < enough ? "short" : length < good ? "fair" : "good";
  const parts = Math.min(4, Math.ceil((length / good) * 4));
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden="true" className="flex w-16 shrink-0 gap-0.5">
        {[1, 2, 3, 4].map((part) => (
          <span
            key={part}
            className={`h-1 flex-1 rounded-full ${part <= parts ? colour : "bg-surface-3"}`}
          />
        ))}
      </span>
      <span>{t(`length.${word}`, { count: length })}</span>
    </span>
  );
}
