import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NotificationTargetView, NotificationTest } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { useAttempt } from "@/form/use-attempt";
import { notifications, type Owner, refreshSent } from "./api";

interface Props {
  owner: Owner;
  target: NotificationTargetView;
  onClose: () => void;
}

/** Sends something to a target at once, and tells what came back. */
export function TestDialog({ owner, target, onClose }: Props) {
  const { t } = useTranslation(["notifications", "common"]);
  const queries = useQueryClient();
  const [result, setResult] = useState<NotificationTest>();
  const { busy, error, attempt } = useAttempt();
  const send = () =>
    attempt(async () => {
      setResult(undefined);
      try {
        setResult(await notifications.test(owner, target.id));
      } finally {
        void refreshSent(queries, owner);
      }
    });
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    void send();
  });
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title={t("notifications:test.title", { name: target.name })}
        description={t("notifications:test.about")}
        footer={
          <>
            <Button loading={busy} onClick={send}>
              {t("notifications:test.again")}
            </Button>
            <DialogClose asChild>
              <Button variant="primary">{t("common:done")}</Button>
            </DialogClose>
          </>
        }
      >
        <div role="status">
          {busy && <p className="text-fg-2">{t("notifications:test.sending")}</p>}
          {!busy && result && <Result result={result} />}
        </div>
        <ProblemNotice error={error} />
      </DialogContent>
    </Dialog>
  );
}

function Result({ result: { ok, detail } }: { result: NotificationTest }) {
  const { t } = useTranslation("notifications");
  return (
    <Notice tone={ok ? "ok" : "err"} heading={t(ok ? "test.ok" : "test.failed")}>
      {!ok && detail !== "" && (
        <p data-raw="" className="font-mono text-xs">
          {detail}
        </p>
      )}
    </Notice>
  );
}
