import { useTranslation } from "react-i18next";

/** In which order plans pay, and what pays when they cannot. */
export function WhoPays(props: { running: number; paysAsYouGo: boolean | undefined }) {
  const { t } = useTranslation("plans");
  const { running, paysAsYouGo } = props;
  if (running < 2 && paysAsYouGo === undefined) return null;
  return (
    <div className="max-w-180 text-fg-2">
      {running > 1 && <p>{t("pays.order")}</p>}
      {paysAsYouGo !== undefined && (
        <p>{t(paysAsYouGo ? "pays.then_balance" : "pays.then_none")}</p>
      )}
    </div>
  );
}
