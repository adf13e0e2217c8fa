import { type FormHTMLAttributes, type ReactNode, useId, useRef, useState } from "react";
import {
  type FieldErrors,
  type FieldValues,
  FormProvider,
  type Path,
  type UseFormReturn,
} from "react-hook-form";

import { type ApiProblem, asProblem } from "@/api/problem";
import { cn } from "@/components/class-names";
import { ProblemNotice } from "@/components/problem-notice";
import { useMistakeText } from "@/components/problem-text";
import { ErrorSummary } from "./error-summary";
import { pathOfPointer } from "./pointer";

type Passed = Omit<FormHTMLAttributes<HTMLFormElement>, "onSubmit">;

interface Props<Values extends FieldValues, Checked> extends Passed {
  form: UseFormReturn<Values, unknown, Checked>;
  /** Gets the checked values. What it throws is shown: a mistake of a field beside the field, anything else above the buttons. */
  onSubmit: (values: Checked) => Promise<unknown>;
  /** Turns a problem into words of this form's own; `undefined` leaves the usual ones. */
  words?: (problem: ApiProblem) => ReactNode;
  children: ReactNode;
}

/** A form: checks, sends once, shows what is wrong with links to the fields, and puts the focus on the first of them. */
export function Form<Values extends FieldValues, Checked>({
  form,
  onSubmit,
  words,
  children,
  className,
  ...rest
}: Props<Values, Checked>) {
  const id = useId();
  const sending = useRef(false);
  const mistakeText = useMistakeText();
  const [problem, setProblem] = useState<ApiProblem>();
  const [shown, setShown] = useState<FieldErrors<Values>>();

  async function send(values: Checked) {
    if (sending.current) return;
    sending.current = true;
    setProblem(undefined);
    setShown(undefined);
    try {
      await onSubmit(values);
    } catch (error) {
      show(asProblem(error));
    } finally {
      sending.current = false;
    }
  }

  /** Mistakes of fields this form has go beside them; the rest is told below. */
  function show(found: ApiProblem) {
    const names = new Set(Object.keys(form.control._fields));
    const placed = found.fields.flatMap((mistake) => {
      const path = pathOfPointer(mistake.pointer);
      return names.has(path.split(".")[0] ?? "") ? [{ path, mistake }] : [];
    });
    for (const [at, { path, mistake }] of placed.entries()) {
      const message = mistakeText(mistake.code, mistake.detail);
      form.setError(path as Path<Values>, { type: "server", message }, { shouldFocus: at === 0 });
    }
    if (placed.length === 0 || placed.length < found.fields.length) setProblem(found);
  }

  const own = problem && words?.(problem);
  return (
    <FormProvider {...form}>
      <form
        noValidate
        id={id}
        className={cn("space-y-4", className)}
        {...rest}
        onSubmit={(event) => {
          event.stopPropagation(); // a form in a dialog is inside the page's form for React
          void form.handleSubmit(send, setShown)(event);
        }}
      >
        {shown && <ErrorSummary formId={id} errors={form.formState.errors} />}
        {children}
        {own !== undefined ? (
          <ProblemNotice error={problem} words={own} />
        ) : (
          <ProblemNotice error={problem} />
        )}
      </form>
    </FormProvider>
  );
}
