import { type FormEvent, type InputHTMLAttributes, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { Notice } from "../components/notice";
import { createRoot, SetupRefused } from "./setup";

/** Makes the first root user. `onDone` is called when there is one. */
export function SetupForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<SetupRefused>();

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "").trim();
    setBusy(true);
    setRefusal(undefined);
    try {
      await createRoot({
        code: field("code"),
        username: field("username"),
        password: String(form.get("password") ?? ""),
      });
      onDone();
    } catch (error) {
      if (!(error instanceof SetupRefused)) throw error;
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={onSubmit} className="max-w-96 space-y-3">
      <Field name="code" label={t("setup.code")} hint={t("setup.code_hint")} autoComplete="off" />
      <Field
        name="username"
        label={t("setup.username")}
        hint={t("setup.username_hint")}
        autoComplete="username"
        maxLength={64}
        pattern="[A-Za-z0-9_.\-]+"
      />
      <Field
        name="password"
        type="password"
        label={t("setup.password")}
        hint={t("setup.password_hint")}
        autoComplete="new-password"
        minLength={8}
      />
      <div role="alert">{refusal && <Refusal refusal={refusal} />}</div>
      <button
        type="submit"
        disabled={busy}
        className="min-h-8 rounded-control bg-primary px-3 font-medium text-on-primary disabled:opacity-50 pointer-coarse:min-h-11"
      >
        {busy ? t("setup.busy") : t("setup.submit")}
      </button>
    </form>
  );
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint: string;
}

function Field({ label, hint, ...input }: FieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="block font-medium text-sm">
        {label}
      </label>
      <input
        {...input}
        id={id}
        required
        aria-describedby={`${id}-hint`}
        autoCapitalize="none"
        spellCheck={false}
        className="mt-1 min-h-8 w-full rounded-control border border-line-strong bg-surface px-2 pointer-coarse:min-h-10"
      />
      <p id={`${id}-hint`} className="mt-1 text-fg-3 text-xs">
        {hint}
      </p>
    </div>
  );
}

function Refusal({ refusal }: { refusal: SetupRefused }) {
  const { t } = useTranslation();
  const words = () => {
    switch (refusal.code) {
      case "unauthenticated":
        return t("setup.wrong_code");
      case "throttled":
        return t("setup.throttled", { seconds: refusal.retryAfter ?? 60 });
      case "unreachable":
        return t("state.unreachable");
      default:
        return t("setup.refused");
    }
  };
  return (
    <Notice tone="err">
      <p>{words()}</p>
      {refusal.code !== "unauthenticated" && (
        <p className="break-words font-mono text-sm">{refusal.detail}</p>
      )}
    </Notice>
  );
}
