import { Bookmark, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Popover, PopoverClose, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { usePreference } from "@/session/preferences";
import type { ListState } from "./list-state";
import { isSame, type SavedView, viewsOf } from "./views";

/** The preferences of an account hold no more than 16 kB. */
const most = 12;
const longestName = 60;

/** States of a list that somebody gave a name: kept with the account, for all of its devices. */
export function SavedViews({ list, state }: { list: string; state: ListState }) {
  const { t } = useTranslation("filter");
  const [all, setAll] = usePreference("views", isObject, {});
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>();
  const views = viewsOf(all[list]);
  const given = name.trim();
  function keep(next: readonly SavedView[]) {
    setError(undefined);
    setAll({ ...all, [list]: next }).catch(setError);
  }
  function save(event: FormEvent) {
    event.preventDefault();
    if (given === "") return;
    const others = views.filter((view) => view.name !== given);
    keep([...others, { name: given, search: state.view }]);
    setName("");
  }
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="ghost" icon={<Bookmark aria-hidden="true" />}>
          {t("views.title")}
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label={t("views.title")} className="w-76 space-y-3">
        {views.length === 0 && <p className="text-fg-2 text-sm">{t("views.none")}</p>}
        <ul className="-mx-1">
          {views.map((view) => (
            <li
              key={view.name}
              className="flex items-center gap-1 rounded-badge hover:bg-surface-2"
            >
              <PopoverClose asChild>
                <button
                  type="button"
                  aria-current={isSame(view.search, state.view)}
                  onClick={() => state.setView(view.search)}
                  className="min-h-8 min-w-0 flex-1 truncate px-2 text-left aria-[current=true]:font-medium aria-[current=true]:text-primary pointer-coarse:min-h-11"
                >
                  <bdi data-raw="">{view.name}</bdi>
                </button>
              </PopoverClose>
              <IconButton
                size="sm"
                plain
                label={t("views.remove", { name: view.name })}
                icon={<Trash2 aria-hidden="true" />}
                onClick={() => keep(views.filter((one) => one.name !== view.name))}
              />
            </li>
          ))}
        </ul>
        {views.length < most ? (
          <form onSubmit={save} className="flex gap-2">
            <Input
              aria-label={t("views.name")}
              placeholder={t("views.name")}
              maxLength={longestName}
              value={name}
              onChange={(event) => setName(event.target.value)}
              className="min-w-0 flex-1"
            />
            <Button type="submit" disabled={given === ""}>
              {t("views.save")}
            </Button>
          </form>
        ) : (
          <p className="text-fg-2 text-sm">{t("views.full", { count: most })}</p>
        )}
        <ProblemNotice error={error} />
      </PopoverContent>
    </Popover>
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
