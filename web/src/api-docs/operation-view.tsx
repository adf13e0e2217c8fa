import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import type { ApiDocument, Body, Operation, Parameter } from "./document";
import { SchemaView } from "./schema-view";

/** One operation: a line that opens into everything about it. */
export function OperationView({
  document,
  operation,
}: {
  document: ApiDocument;
  operation: Operation;
}) {
  const { t } = useTranslation("api_docs");
  return (
    <details id={operation.id} className="group border-line border-b last:border-b-0">
      <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 -outline-offset-2! hover:bg-surface-2">
        <Badge
          tone={operation.method === "GET" ? "info" : "neutral"}
          className="w-16 justify-center"
        >
          {operation.method}
        </Badge>
        <code className="break-all font-mono text-sm">{operation.path}</code>
        <span lang="en" className="text-fg-2 text-sm">
          {operation.summary}
        </span>
      </summary>
      <div className="flex flex-col gap-4 px-3 pt-1 pb-4">
        <div className="flex items-center gap-2">
          <code className="break-all font-mono text-sm">
            {operation.method} {operation.path}
          </code>
          <CopyButton text={operation.path} what={operation.path} />
        </div>
        {operation.description && (
          <p lang="en" className="max-w-180 whitespace-pre-line text-fg-2">
            {operation.description}
          </p>
        )}
        {operation.parameters.length > 0 && (
          <Part title={t("parameters")}>
            <Parameters document={document} parameters={operation.parameters} />
          </Part>
        )}
        {operation.body && (
          <Part title={t("body")}>
            <BodyView document={document} body={operation.body} />
          </Part>
        )}
        <Part title={t("answers")}>
          {operation.answers.map((answer) => (
            <div key={answer.status} className="flex flex-col gap-1">
              <p className="flex flex-wrap items-baseline gap-2 text-sm">
                <Badge tone={answer.status < "400" ? "ok" : "warn"}>{answer.status}</Badge>
                <span lang="en" className="text-fg-2">
                  {answer.description}
                </span>
              </p>
              {answer.status < "400" && <BodyView document={document} body={answer} />}
            </div>
          ))}
        </Part>
      </div>
    </details>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium text-sm">{title}</h3>
      {children}
    </section>
  );
}

function Parameters(props: { document: ApiDocument; parameters: Parameter[] }) {
  const { t } = useTranslation("api_docs");
  const properties = Object.fromEntries(
    props.parameters.map((one) => [
      one.name,
      { ...one.schema, ...(one.description && { description: one.description }) },
    ]),
  );
  const required = props.parameters.filter((one) => one.required).map((one) => one.name);
  return (
    <SchemaView
      document={props.document}
      schema={{ type: "object", properties, required }}
      requiredWord={t("required")}
    />
  );
}

function BodyView({ document, body }: { document: ApiDocument; body: Body }) {
  const { t } = useTranslation("api_docs");
  return (
    <div className="flex flex-col gap-1">
      {body.mediaType && <code className="font-mono text-fg-3 text-xs">{body.mediaType}</code>}
      {body.schema && (
        <SchemaView document={document} schema={body.schema} requiredWord={t("required")} />
      )}
    </div>
  );
}
