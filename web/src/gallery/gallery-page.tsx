import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";

import { Toaster } from "@/components/toaster";
import { LanguageMenu, ThemeMenu } from "@/shell/appearance";
import { Page, Section } from "@/shell/page";
import { Buttons, States } from "./buttons";
import { Choices, Fields } from "./fields";
import { Colours, Type } from "./foundations";
import { Feedback, Layers } from "./layers";
import { Lists, Values } from "./values";

const parts = [
  ["colours", Colours],
  ["type", Type],
  ["buttons", Buttons],
  ["badges", States],
  ["fields", Fields],
  ["choices", Choices],
  ["layers", Layers],
  ["feedback", Feedback],
  ["values", Values],
  ["lists", Lists],
] as const satisfies [string, ComponentType][];

/** Every part in every state. */
export function GalleryPage() {
  const { t } = useTranslation("ui");
  return (
    <main className="p-3 sm:p-6">
      <Page
        title={t("title")}
        about={t("about")}
        width="form"
        actions={
          <>
            <LanguageMenu />
            <ThemeMenu />
          </>
        }
      >
        {parts.map(([key, Part]) => (
          <Section key={key} id={key} title={t(key)}>
            <Part />
          </Section>
        ))}
      </Page>
      <Toaster />
    </main>
  );
}
