import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { BatchChange, BatchOutcome, BatchPreview } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Sheet, SheetClose, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { type Act, changeOf, isEnd, mostItems, nounOf, type Subject, TooMany } from "./batch";
import { OutcomeRows, PreviewRows } from "./batch-rows";
import { chosenBy } from "./change-fields";
import { batches } from "./queries";
import type { Asked } from "./use-bulk";
import { useUndo } from "./use-undo";

interface Props {
  subject: Subject;
  asked: Asked | undefined;
  onClose: () => void;
  refresh: () => Promise<unknown>;
}

/** What an act would make of many objects; then doing it, and what came of each. */
export function BatchSheet(props: Props) {
  const { asked, onClose } = props;
  return (
    <Sheet open={asked !== undefined} onOpenChange={(open) => !open && onClose()}>
      {asked && <Steps {...props} asked={asked} />}
    </Sheet>
  );
}

function Steps({ subject, asked, onClose, refresh }: Props & { asked: Asked }) {
  const { t } = useTranslation("batch");
  const { act } = asked;
  const [change, setChange] = useState(changeOf[act]);
  const look = useLook(subject, asked, change);
  const { tell, undo } = useUndo(subject, refresh);
  const apply = useMutation({
    mutationFn: (token: string) => batches.apply(subject, token),
    onSuccess: async (outcome) => {
      if (outcome.items.every(({ failed }) => failed === undefined)) {
        if (asked.onDone) asked.onDone(outcome);
        else tell(act, outcome);
        asked.clear();
        onClose();
      }
      await refresh();
    },
  });
  const title = t(`title.${act}`, { what: t(nounOf(subject), { count: asked.count }) });
  const close = () => {
    asked.clear();
    onClose();
  };
  if (apply.data) {
    const token = apply.data.undo?.token;
    return (
      <Result
        {...{ subject, act, title }}
        outcome={apply.data}
        onClose={close}
        {...(token !== undefined && {
          onUndo: () => {
            close();
            void undo(token);
          },
        })}
      />
    );
  }
  return (
    <Look
      {...{ subject, act, title, change }}
      onChange={(next) => {
        apply.reset();
        setChange(next);
      }}
      look={look}
      isBusy={apply.isPending}
      failure={apply.error}
      onLookAgain={() => {
        apply.reset();
        look.refetch();
      }}
      onApply={(token) => apply.mutate(token)}
    />
  );
}

/** What the act would do, asked once for each choice. */
function useLook(subject: Subject, asked: Asked, change: BatchChange | undefined) {
  const opening = useId();
  const query = useQuery({
    queryKey: ["batch", opening, change ?? null],
    queryFn: async ({ signal }) => {
      const ids = await asked.ids(signal);
      if (ids.length > mostItems) throw new TooMany();
      return batches.preview(subject, ids, change ?? {}, signal);
    },
    enabled: change !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const { data, error, isFetching } = query;
  return { preview: data, error, isFetching, refetch: () => void query.refetch() };
}

interface LookProps {
  subject: Subject;
  act: Act;
  title: string;
  change: BatchChange | undefined;
  onChange: (change: BatchChange | undefined) => void;
  look: ReturnType<typeof useLook>;
  isBusy: boolean;
  failure: unknown;
  onLookAgain: () => void;
  onApply: (token: string) => void;
}

function Look(props: LookProps) {
  const { t } = useTranslation(["batch", "common"]);
  const { subject, act, change, look, failure } = props;
  const Chosen = chosenBy[act];
  const [draft, setDraft] = useState<BatchChange>();
  const [typed, setTyped] = useState("");
  const preview = look.isFetching ? undefined : look.preview;
  const count = preview?.items.filter(({ skipped }) => skipped === undefined).length ?? 0;
  const token = preview?.token;
  const mustType = preview !== undefined && count > 0 && !preview.undoable;
  const isReady = !mustType || typed.trim() === String(count);
  const isStale = failure !== null && ["expired", "conflict"].includes(asProblem(failure).code);
  const reason = (() => {
    if (token === undefined) return preview ? t("batch:nothing_to_do") : t("batch:looking");
    return isReady ? undefined : t("common:form.type_to_confirm", { name: String(count) });
  })();
  const effect = useEffectText(subject, act);
  return (
    <SheetContent
      keepOpen
      title={props.title}
      footer={
        <>
          <SheetClose asChild>
            <Button>{t("common:cancel")}</Button>
          </SheetClose>
          {change !== undefined && (
            <Button
              variant={isEnd(act) ? "danger" : "primary"}
              loading={props.isBusy}
              disabledReason={reason}
              onClick={() => token !== undefined && props.onApply(token)}
            >
              {t(`batch:verb.${act}`, { what: t(`batch:${nounOf(subject)}`, { count }) })}
            </Button>
          )}
        </>
      }
    >
      <div className="space-y-4">
        {effect !== undefined && <p className="text-fg-2">{effect}</p>}
        {Chosen && (
          <form
            className="space-y-3"
            onSubmit={(event) => {
              event.preventDefault();
              if (draft) props.onChange(draft);
            }}
          >
            <Chosen
              subject={subject}
              onChange={(next) => {
                setDraft(next);
                props.onChange(undefined);
              }}
            />
            {change === undefined && (
              <Button type="submit" {...(!draft && { disabledReason: t("batch:preview_hint") })}>
                {t("batch:look")}
              </Button>
            )}
          </form>
        )}
        {change !== undefined && <Shown {...props} preview={preview} />}
        {mustType && (
          <Field label={t("common:form.type_to_confirm", { name: String(count) })}>
            <Input
              inputMode="numeric"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
        )}
        <ProblemNotice
          error={failure}
          {...(isStale && {
            action: (
              <Button size="sm" onClick={props.onLookAgain}>
                {t("batch:look_again")}
              </Button>
            ),
          })}
        />
      </div>
    </SheetContent>
  );
}

function Shown(props: LookProps & { preview: BatchPreview | undefined }) {
  const { t } = useTranslation("batch");
  const { look, preview, act } = props;
  if (!look.isFetching && look.error instanceof TooMany) {
    return (
      <Alert>
        <Notice tone="warn">{t("too_many", { most: mostItems })}</Notice>
      </Alert>
    );
  }
  if (!look.isFetching && look.error) {
    return (
      <ProblemNotice
        error={look.error}
        action={
          <Button size="sm" onClick={props.onLookAgain}>
            {t("look_again")}
          </Button>
        }
      />
    );
  }
  if (!preview) {
    return (
      <div role="status" className="space-y-2">
        <span className="sr-only">{t("looking")}</span>
        <Skeleton className="h-9" />
        <Skeleton className="h-9" />
        <Skeleton className="h-9" />
      </div>
    );
  }
  const isEmpty = preview.token === undefined;
  return (
    <section className="space-y-3">
      <h3 className="sr-only">{t("preview_heading")}</h3>
      {isEmpty ? (
        <Notice tone="info">{t("nothing_to_do")}</Notice>
      ) : preview.undoable ? (
        <p className="text-fg-2 text-sm">{t("undoable")}</p>
      ) : (
        <Notice tone="warn">{t("not_undoable")}</Notice>
      )}
      <PreviewRows
        items={preview.items}
        {...((act === "delete" || act === "revoke") && { end: act })}
      />
    </section>
  );
}

function Alert({ children }: { children: ReactNode }) {
  return <div role="alert">{children}</div>;
}

function Result(props: {
  subject: Subject;
  act: Act;
  title: string;
  outcome: BatchOutcome;
  onClose: () => void;
  onUndo?: () => void;
}) {
  const { t } = useTranslation(["batch", "common"]);
  const { subject, act, outcome } = props;
  const { done, items } = outcome;
  const text =
    done > 0
      ? t(`batch:done.${act}`, { what: t(`batch:${nounOf(subject)}`, { count: done }) })
      : t("batch:none_done");
  return (
    <SheetContent
      keepOpen
      title={props.title}
      footer={
        <>
          {props.onUndo && <Button onClick={props.onUndo}>{t("batch:undo")}</Button>}
          <Button variant="primary" onClick={props.onClose}>
            {t("common:close")}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Alert>
          <Notice tone={done > 0 ? "ok" : "warn"}>{text}</Notice>
        </Alert>
        <OutcomeRows items={items} />
      </div>
    </SheetContent>
  );
}

/** What it means, where it is more than the rows tell. */
function useEffectText(subject: Subject, act: Act): string | undefined {
  const { t, i18n } = useTranslation("batch");
  const key = `effect.${nounOf(subject)}.${act}`;
  return i18n.exists(key, { ns: "batch" }) ? t(key as "effect.channel.disable") : undefined;
}
