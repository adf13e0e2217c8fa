import { useNavigate, useRouter } from "@tanstack/react-router";
import { Boxes, MessageSquareText, Plug } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { UserModel } from "@/api/types";
import { dialects } from "@/api/words";
import { FilterBar } from "@/filter/filter-bar";
import { useListState } from "@/filter/list-state";
import { useMe } from "@/session/use-me";
import { existsIn } from "@/shell/exists";
import { Page } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { useModelColumns } from "./model-columns";
import { fetchModels } from "./queries";

const defaults = { sort: "name" };

/** What one may use, and what it costs. */
export function ModelsPage() {
  const { t } = useTranslation("models");
  const state = useListState(defaults);
  const me = useMe();
  const { rows, facets } = useListQuery<UserModel>({
    key: ["models", "list"],
    state,
    fetchPage: fetchModels,
  });
  const canSetUp = me.permissions.includes("operate");
  return (
    <Page title={t("title")} about={t("about")}>
      <div>
        <FilterBar
          state={state}
          facets={facets}
          fields={[
            { name: "owner", label: t("column.owner"), kind: "text" },
            {
              name: "dialect",
              label: t("column.dialects"),
              kind: "choice",
              values: dialects.map((value) => ({ value, label: t(`dialect.${value}`) })),
            },
          ]}
        />
        <DataTable
          name="models"
          label={t("title")}
          columns={useModelColumns()}
          rows={rows}
          state={state}
          rowId={({ name }) => name}
          rowLabel={({ name }) => name}
          actions={useActions()}
          nothing={{
            icon: <Boxes />,
            title: t("none"),
            text: canSetUp ? t("none_operator") : t("none_user"),
          }}
        />
      </div>
    </Page>
  );
}

function useActions(): (model: UserModel) => readonly RowAction[] {
  const { t } = useTranslation("models");
  const navigate = useNavigate();
  const router = useRouter();
  const { features } = useMe();
  const exists = existsIn(router.routesByPath);
  const to = (path: string, model: string) => () =>
    void navigate({ to: path as never, search: { model } as never });
  return ({ name }) => [
    ...(features.playground && exists("/playground")
      ? [{ id: "try", label: t("try"), icon: <MessageSquareText />, run: to("/playground", name) }]
      : []),
    ...(features.tokens && exists("/connect")
      ? [{ id: "connect", label: t("connect"), icon: <Plug />, run: to("/connect", name) }]
      : []),
  ];
}
