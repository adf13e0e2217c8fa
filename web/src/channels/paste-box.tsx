import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Detected } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import type texts from "@/i18n/en/channels";
import { hintOf } from "./keys-field";
import { channels } from "./queries";

type Note = keyof (typeof texts)["note"];

const notes: Record<Note, true> = {
  nothing_found: true,
  no_url: true,
  no_key: true,
  placeholder_key: true,
  several_keys: true,
  several_urls: true,
  several_channels: true,
  kind_guessed: true,
  path_removed: true,
  key_in_url: true,
  plain_http: true,
  default_url: true,
  oauth_token: true,
};

const isNote = (note: string): note is Note => Object.hasOwn(notes, note);

/** Anything that describes an upstream is read and put into the form. The text itself is not kept. */
export function PasteBox({ onDetected }: { onDetected: (found: Detected) => void }) {
  const { t } = useTranslation("channels");
  const [text, setText] = useState("");
  const [found, setFound] = useState<Detected>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  async function read(pasted: string) {
    if (pasted.trim() === "" || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      const answer = await channels.detect(pasted);
      // The keys go into the form only, not into what is shown here.
      setFound({ ...answer, keys: answer.keys.map(hintOf) });
      if (answer.kind ?? answer.base_url ?? answer.keys[0]) {
        setText("");
        onDetected(answer);
      }
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="space-y-2">
      <Field label={t("paste.label")} help={t("paste.help")} optional>
        <Textarea
          rows={2}
          value={text}
          placeholder={t("paste.placeholder")}
          className="min-h-14 font-mono text-sm"
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            // Into the empty field: what is pasted is the whole of it.
            if (text === "") void read(event.clipboardData.getData("text"));
          }}
        />
      </Field>
      {text.trim() !== "" && (
        <Button size="sm" loading={busy} onClick={() => void read(text)}>
          {t("paste.read")}
        </Button>
      )}
      <ProblemNotice error={error} />
      <div role="status">{found && <Found found={found} />}</div>
    </div>
  );
}

function Found({ found }: { found: Detected }) {
  const { t } = useTranslation("channels");
  const facts = [
    found.base_url,
    found.keys.length > 0 &&
      t("paste.keys", { count: found.keys.length, hints: found.keys.join(", ") }),
    found.models.length > 0 && t("paste.models", { count: found.models.length }),
  ].filter((fact) => fact !== undefined && fact !== false);
  const isNothing = facts.length === 0;
  return (
    <Notice tone={isNothing ? "warn" : "ok"} heading={isNothing ? undefined : t("paste.found")}>
      {facts.length > 0 && <p data-raw="">{facts.join(" · ")}</p>}
      {found.notes.filter(isNote).map((note) => (
        <p key={note}>{t(`note.${note}`)}</p>
      ))}
    </Notice>
  );
}
