import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { type Tokens, tokensIn } from "./account";

/** Takes the tokens out of a pasted `auth.json`. The text itself is not kept once they are found. */
export function PasteTokens({ onFound }: { onFound: (tokens: Tokens) => void }) {
  const { t } = useTranslation("accounts");
  const [text, setText] = useState("");
  const [count, setCount] = useState<number>();
  const [isWrong, setWrong] = useState(false);
  const take = (typed: string) => {
    const found = tokensIn(typed);
    setWrong(false);
    setText(found ? "" : typed);
    setCount(found && Object.keys(found).length);
    if (found) onFound(found);
  };
  return (
    <div className="space-y-1">
      <Field
        label={t("import.paste")}
        help={t("import.paste_help")}
        error={isWrong ? t("import.not_found") : undefined}
        optional
      >
        <Textarea
          rows={3}
          value={text}
          autoComplete="off"
          autoCapitalize="none"
          data-raw=""
          data-private=""
          onChange={(event) => take(event.target.value)}
          onPaste={(event) => {
            // What is wrong with a paste is told at once, with what is typed when one leaves.
            const pasted = event.clipboardData.getData("text");
            if (text !== "") return;
            event.preventDefault();
            take(pasted);
            setWrong(pasted.trim() !== "" && !tokensIn(pasted));
          }}
          onBlur={() => setWrong(text.trim() !== "")}
          className="min-h-14 font-mono text-sm [-webkit-text-security:disc]"
        />
      </Field>
      <p role="status" className="text-ok text-sm">
        {count === undefined ? "" : t("import.found", { count })}
      </p>
    </div>
  );
}
