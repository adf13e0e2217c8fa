import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { TimeAgo } from "@/components/value/time-ago";
import { type Change, SaveBar } from "@/form/save-bar";
import type { ChannelEdit } from "./use-channel-edit";

interface Props<Values> {
  edit: ChannelEdit<Values>;
  /** What differs between two states, for people. */
  differences: (before: Values, after: Values) => Change[];
  /** What keeps it from being saved. */
  mistake?: ReactNode;
}

/** The foot of a tab: what was changed, Save, Discard, and what to do when someone else was faster. */
export function EditBar<Values>({ edit, differences, mistake }: Props<Values>) {
  const { theirs } = edit;
  const changes = differences(edit.before, edit.values);
  return (
    <SaveBar
      changes={changes}
      saving={edit.saving}
      onSave={() => mistake === undefined && void edit.save()}
      onDiscard={edit.discard}
      problem={
        theirs ? (
          <Stale edit={edit} changes={differences(edit.before, theirs.values)} />
        ) : mistake !== undefined ? (
          <div role="alert">
            <Notice tone="warn">{mistake}</Notice>
          </div>
        ) : (
          <ProblemNotice error={edit.error} />
        )
      }
    />
  );
}

/** Someone else saved first: what they changed, and the two ways on. */
function Stale<Values>(props: { edit: ChannelEdit<Values>; changes: readonly Change[] }) {
  const { t } = useTranslation(["channels", "common"]);
  const { edit, changes } = props;
  return (
    <div role="alert">
      <Notice
        tone="warn"
        heading={
          <>
            {t("channels:stale.title")} <TimeAgo time={edit.theirs?.updatedAt} />
          </>
        }
      >
        {changes.length === 0 ? (
          <p>{t("channels:stale.elsewhere")}</p>
        ) : (
          <ul>
            {changes.map(({ label, before, after }) => (
              <li key={label}>
                {label}:{" "}
                <span data-raw="" className="text-fg-3 line-through">
                  {before}
                </span>
                {" → "}
                <span data-raw="">{after}</span>
              </li>
            ))}
          </ul>
        )}
        <div className="mt-2 flex flex-wrap gap-2">
          <Button size="sm" onClick={edit.keepMine}>
            {t("channels:stale.keep")}
          </Button>
          <Button size="sm" onClick={edit.discard}>
            {t("common:form.stale_reload")}
          </Button>
        </div>
      </Notice>
    </div>
  );
}
