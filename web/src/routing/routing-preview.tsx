import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import type { Dialect } from "@/api/types";
import { dialects } from "@/api/words";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { linkLook } from "@/connect/app-link";
import { Section } from "@/shell/page";
import { DecisionView } from "@/trace/decision-view";
import { DialectOptions } from "@/trace/dialect-options";
import { Refusal } from "./refusal";

interface Asked {
  user_group: string;
  model: string;
  dialect: Dialect;
}

/** What a call of a user group would do, beside what decides about it. Nothing is sent. */
export function RoutingPreview(props: {
  /** Who may be asked for; the first is chosen. */
  userGroups: readonly string[];
  /** Suggestions. */
  models: readonly string[];
}) {
  const { t } = useTranslation("routing");
  const list = useId();
  const { userGroups, models } = props;
  const [userGroup, setUserGroup] = useState(userGroups[0] ?? "");
  const [model, setModel] = useState(models[0] ?? "");
  const [dialect, setDialect] = useState<Dialect>("responses");
  const simulate = useMutation({
    mutationFn: (simulation: Asked) => api.post("/api/admin/routing/simulate", simulation),
  });
  const simulation = { user_group: userGroup, model: model.trim(), dialect };
  const isReady = simulation.model !== "" && userGroup !== "";
  return (
    <Section title={t("preview.title")} about={t("nothing_is_sent")}>
      {userGroups.length === 0 ? (
        <p className="text-fg-2">{t("preview.nobody")}</p>
      ) : (
        <>
          <form
            className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_1fr_auto]"
            onSubmit={(event) => {
              event.preventDefault();
              if (isReady) simulate.mutate(simulation);
            }}
          >
            <Field label={t("preview.as")}>
              <Select
                value={userGroup}
                onChange={({ currentTarget }) => setUserGroup(currentTarget.value)}
              >
                {userGroups.map((name) => (
                  <option key={name} value={name} data-raw="">
                    {name}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("form.model")}>
              <Input
                list={list}
                value={model}
                autoCapitalize="none"
                onChange={({ currentTarget }) => setModel(currentTarget.value)}
              />
            </Field>
            <datalist id={list}>
              {models.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
            <Field label={t("form.dialect")}>
              <Select
                value={dialect}
                onChange={({ currentTarget }) =>
                  setDialect(dialects.find((one) => one === currentTarget.value) ?? "responses")
                }
              >
                <DialectOptions />
              </Select>
            </Field>
            <Button type="submit" loading={simulate.isPending}>
              {t("preview.run")}
            </Button>
          </form>
          <ProblemNotice error={simulate.error} />
          {simulate.data && (
            <div className="space-y-3">
              {simulate.data.refusal && <Refusal refusal={simulate.data.refusal} />}
              <DecisionView decision={simulate.data} />
              <Link to="/admin/routing" search={{ ...simulate.variables }} className={linkLook}>
                {t("preview.full")}
              </Link>
            </div>
          )}
        </>
      )}
    </Section>
  );
}
