import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/ui/icon-button";
import { Layer } from "@/components/ui/layer";
import { Veil } from "@/components/ui/veil";
import { useBootstrap } from "@/session/use-me";
import { Brand } from "./brand";
import { Menu } from "./menu";

/** The menu over the page, where there is no room beside it. */
export function Drawer(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation(["shell", "common"]);
  const { site_name } = useBootstrap();
  return (
    <Primitive.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Primitive.Portal>
        <Veil />
        <Layer
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-dialog flex w-70 max-w-[85vw] animate-slide-in-left flex-col border-line border-r bg-surface-2 shadow-floating outline-none"
        >
          <div className="flex h-12 shrink-0 items-center justify-between pr-2 pl-4">
            <Primitive.Title asChild>
              <div className="min-w-0">
                <span className="sr-only">{t("shell:menu")}</span>
                <Brand name={site_name} />
              </div>
            </Primitive.Title>
            <Primitive.Close asChild>
              <IconButton plain label={t("common:close")} icon={<X aria-hidden="true" />} />
            </Primitive.Close>
          </div>
          <Menu onGo={() => props.onOpenChange(false)} />
        </Layer>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
