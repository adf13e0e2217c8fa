import { KeyRound, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "@/api/problem";
import { ProblemNotice } from "@/components/problem-notice";
import { toast } from "@/components/toast";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { InfoTip } from "@/components/ui/info-tip";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Sheet, SheetContent, SheetTrigger } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Tooltip } from "@/components/ui/tooltip";
import { ConfirmDialog } from "@/form/confirm-dialog";

export function Layers() {
  const { t } = useTranslation(["ui", "common"]);
  const [asking, setAsking] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Dialog>
        <DialogTrigger asChild>
          <Button>{t("ui:sample.dialog")}</Button>
        </DialogTrigger>
        <DialogContent
          title={t("ui:sample.heading")}
          description={t("ui:sample.body")}
          footer={
            <>
              <DialogClose asChild>
                <Button>{t("common:cancel")}</Button>
              </DialogClose>
              <Button variant="primary">{t("ui:sample.save")}</Button>
            </>
          }
        >
          <Field label={t("ui:sample.name")}>
            <Input defaultValue="pro-1" />
          </Field>
        </DialogContent>
      </Dialog>
      <Sheet>
        <SheetTrigger asChild>
          <Button>{t("ui:sample.sheet")}</Button>
        </SheetTrigger>
        <SheetContent
          title={t("ui:sample.heading")}
          footer={<Button variant="primary">{t("ui:sample.save")}</Button>}
        >
          {t("ui:sample.body")}
        </SheetContent>
      </Sheet>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button>{t("ui:sample.menu")}</Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem icon={<Pencil aria-hidden="true" />} keys="E">
            {t("common:edit")}
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem danger icon={<Trash2 aria-hidden="true" />}>
            {t("common:delete")}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <Popover>
        <PopoverTrigger asChild>
          <Button>{t("ui:sample.popover")}</Button>
        </PopoverTrigger>
        <PopoverContent aria-label={t("ui:sample.popover")} className="w-72">
          {t("ui:sample.body")}
        </PopoverContent>
      </Popover>
      <Tooltip text={t("ui:sample.tooltip")}>
        <Button variant="ghost">{t("ui:sample.more")}</Button>
      </Tooltip>
      <InfoTip label={t("ui:sample.tooltip")}>{t("ui:sample.body")}</InfoTip>
      <Button variant="danger_outline" onClick={() => setAsking(true)}>
        {t("ui:sample.confirm")}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("ui:sample.confirm_title")}
        consequence={t("ui:sample.confirm_text")}
        verb={t("ui:sample.confirm")}
        typedName="pro-1"
        onConfirm={async () => undefined}
      />
    </div>
  );
}

const refusal = new ApiProblem({
  code: "throttled",
  status: 429,
  detail: "12 tries in 60 s",
  requestId: "01890a5d-ac96-774b-bcce-b302099a8057",
  retryAfter: 30,
});

export function Feedback() {
  const { t } = useTranslation("ui");
  return (
    <div className="space-y-3">
      {(["info", "ok", "warn", "err"] as const).map((tone) => (
        <Notice
          key={tone}
          tone={tone}
          heading={tone === "warn" ? t("sample.heading") : undefined}
          action={<Button size="sm">{t("sample.save")}</Button>}
        >
          {t("sample.notice")}
        </Notice>
      ))}
      <ProblemNotice error={refusal} />
      <div className="flex flex-wrap gap-2">
        <Button
          onClick={() =>
            toast.done(t("sample.toast_text"), {
              label: t("sample.undo"),
              onPress: () => undefined,
            })
          }
        >
          {t("sample.toast")}
        </Button>
        <Button onClick={() => toast.failed(t("sample.toast_error"), refusal.detail)}>
          {t("sample.toast_failed")}
        </Button>
        <CopyButton text="sk_live" what={t("sample.secret")} variant="outline" size="md" />
      </div>
      <div className="space-y-2">
        <Skeleton className="w-1/2" />
        <Skeleton className="w-3/4" />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Empty
          icon={<KeyRound />}
          title={t("sample.empty")}
          text={t("sample.empty_text")}
          action={<Button>{t("sample.create")}</Button>}
          className="rounded-panel border border-line"
        />
        <ErrorState
          error={refusal}
          onRetry={() => undefined}
          className="rounded-panel border border-line"
        />
      </div>
      <CodeBlock
        name="~/.codex/config.toml"
        text={'model = "gpt-5.2"\nmodel_provider = "realms"\n\n[model_providers.realms]'}
      />
    </div>
  );
}
