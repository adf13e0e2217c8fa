import { useEffect, useState } from "react";

/** Whether something has been true for a while, without a break. */
export function useHeld(value: boolean, milliseconds: number): boolean {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (!value) {
      setIsHeld(false);
      return;
    }
    const timer = setTimeout(() => setIsHeld(true), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return isHeld && value;
}
