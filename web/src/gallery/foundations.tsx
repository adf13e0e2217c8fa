import { useTranslation } from "react-i18next";

const surfaces = ["bg-bg", "bg-surface", "bg-surface-2", "bg-surface-3", "bg-primary-soft"];
const states = ["bg-primary", "bg-ok", "bg-warn", "bg-err", "bg-info", "bg-ring"];
const softs = ["bg-ok-soft", "bg-warn-soft", "bg-err-soft", "bg-info-soft"];
const series = [
  "bg-chart-1",
  "bg-chart-2",
  "bg-chart-3",
  "bg-chart-4",
  "bg-chart-5",
  "bg-chart-6",
  "bg-chart-7",
  "bg-chart-8",
];

export function Colours() {
  return (
    <div className="space-y-3">
      {[surfaces, states, softs, series].map((row) => (
        <ul key={row[0]} className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-2">
          {row.map((colour) => (
            <li key={colour}>
              <span className={`block h-8 rounded-control border border-line ${colour}`} />
              <code className="text-fg-2 text-xs">{colour.slice(3)}</code>
            </li>
          ))}
        </ul>
      ))}
    </div>
  );
}

export function Type() {
  const { t } = useTranslation("ui");
  return (
    <div className="space-y-2">
      <p className="num font-semibold text-2xl">$1,284.07</p>
      <p className="font-semibold text-xl">{t("sample.heading")}</p>
      <p className="font-semibold text-lg">{t("sample.heading")}</p>
      <p>{t("sample.body")}</p>
      <p className="text-fg-2 text-sm">{t("sample.body")}</p>
      <p className="text-fg-3 text-xs">{t("sample.body")}</p>
      <p className="font-mono text-sm">req_01890a5d-ac96-774b-bcce-b302099a8057</p>
    </div>
  );
}
