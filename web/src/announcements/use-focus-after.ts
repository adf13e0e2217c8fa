import { useEffect, useRef } from "react";

import { focusPage } from "@/components/ui/focus-back";

/** For a button that goes once it did its work: whoever pressed it is led back to the page. Give what it returns to the press. */
export function useFocusAfter(): () => void {
  const isPressed = useRef(false);
  useEffect(
    () => () => {
      if (isPressed.current && document.activeElement === document.body) focusPage();
    },
    [],
  );
  return () => {
    isPressed.current = true;
  };
}
