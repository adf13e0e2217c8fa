import type { ComponentProps } from "react";
import { useFormState } from "react-hook-form";

import { Button } from "@/components/ui/button";

/** Sends the form around it; shows that it is being sent. */
export function SubmitButton(props: ComponentProps<typeof Button>) {
  const { isSubmitting } = useFormState();
  return <Button variant="primary" {...props} type="submit" loading={isSubmitting} />;
}
