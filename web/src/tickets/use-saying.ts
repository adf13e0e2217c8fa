import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { asProblem } from "@/api/problem";
import { text } from "@/form/rules";
import { useForm } from "@/form/use-form";
import { useMe } from "@/session/use-me";
import { readDraft, useKeptDraft } from "./draft";
import { longestBody, refreshThread, type Side, takeThread, tickets } from "./queries";
import { useSayWords } from "./say-words";
import { useUploads } from "./use-uploads";

const schema = z.object({ body: text({ most: longestBody }) });

/** Saying something in a ticket: what is typed stays until it is sent. `mustNote`: nothing but a note can be said. */
export function useSaying(side: Side, id: string, mustNote = false) {
  const { t } = useTranslation("tickets");
  const queries = useQueryClient();
  const draft = `${side}.${useMe().id}.${id}`;
  const [kept] = useState(() => readDraft(draft));
  const [isNote, setIsNote] = useState(kept.note === true);
  // What was typed as a note stays one until somebody says otherwise.
  if (mustNote && !isNote) setIsNote(true);
  const uploads = useUploads();
  const form = useForm(schema, { body: kept.body ?? "" });
  useKeptDraft(draft, { body: form.watch("body"), note: isNote });
  const words = useSayWords(t("thread.full"));

  async function say({ body }: { body: string }) {
    try {
      const said = { body, files: uploads.ids, ...(isNote && { internal: true }) };
      const thread = await tickets.say(side, id, said);
      form.reset({ body: "" });
      uploads.clear();
      await takeThread(queries, side, thread);
    } catch (error) {
      // It was closed meanwhile, and the page is to show that.
      if (asProblem(error).code === "conflict") await refreshThread(queries, side, id);
      throw error;
    }
  }

  return { form, uploads, words, isNote, setIsNote, say };
}
