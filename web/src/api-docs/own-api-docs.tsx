import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import { Page } from "@/shell/page";
import { ApiDocsPage } from "./api-docs-page";
import type { ApiDocument } from "./document";

const load = (signal: AbortSignal) => api.get<ApiDocument>("/api/openapi.json", { signal });

/** The reference of this server's own API. */
export function OwnApiDocs() {
  const { t } = useTranslation("api_docs");
  return (
    <Page title={t("title")} width="form">
      <ApiDocsPage load={load} />
    </Page>
  );
}
