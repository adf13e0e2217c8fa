import { CircleAlert, CircleCheck, X } from "lucide-react";
import { Toast as Primitive } from "radix-ui";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { toastStore, toast as toasts } from "./toast";
import { Button } from "./ui/button";
import { IconButton } from "./ui/icon-button";

const shownMs = 6_000;

/** Where toasts appear: above everything, out of the way of the primary action. F8 leads there. */
export function Toaster() {
  const { t } = useTranslation(["common", "shell"]);
  const list = useSyncExternalStore(toastStore.subscribe, toastStore.get);
  return (
    <Primitive.Provider label={t("shell:notifications")} swipeDirection="right">
      {list.map((toast) => (
        <Primitive.Root
          key={toast.id}
          type={toast.tone === "failed" ? "foreground" : "background"}
          duration={toast.tone === "failed" ? Number.POSITIVE_INFINITY : (toast.shownMs ?? shownMs)}
          onOpenChange={(open) => !open && toasts.dismiss(toast.id)}
          className="flex animate-rise items-start gap-2 rounded-panel border border-line bg-surface py-2 pr-1 pl-3 shadow-floating"
        >
          {toast.tone === "done" ? (
            <CircleCheck
              aria-hidden="true"
              className="mt-1.5 size-4 shrink-0 stroke-[1.5] text-ok"
            />
          ) : (
            <CircleAlert
              aria-hidden="true"
              className="mt-1.5 size-4 shrink-0 stroke-[1.5] text-err"
            />
          )}
          <div className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">
            <Primitive.Title>{toast.text}</Primitive.Title>
            {toast.detail !== undefined && (
              <Primitive.Description className="font-mono text-fg-2 text-xs">
                {toast.detail}
              </Primitive.Description>
            )}
          </div>
          {toast.action && (
            <Primitive.Action altText={toast.action.label} asChild>
              <Button size="sm" onClick={toast.action.onPress}>
                {toast.action.label}
              </Button>
            </Primitive.Action>
          )}
          <Primitive.Close asChild>
            <IconButton size="sm" plain label={t("common:close")} icon={<X aria-hidden="true" />} />
          </Primitive.Close>
        </Primitive.Root>
      ))}
      <Primitive.Viewport
        label={t("shell:notifications_keys")}
        className="fixed right-3 bottom-16 z-toast flex w-[min(24rem,calc(100vw-1.5rem))] flex-col gap-2 outline-none md:right-4 md:bottom-4"
      />
    </Primitive.Provider>
  );
}
