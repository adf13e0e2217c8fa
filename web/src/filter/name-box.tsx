import { useEffect, useState } from "react";

import { Input } from "@/components/ui/input";

interface Props {
  label: string;
  /** Empty: of everybody. */
  name: string;
  onChange: (name: string) => void;
}

/** Narrows a list to one person. A name is asked for when it is complete: with Enter, or when the field is left. */
export function NameBox({ label, name, onChange }: Props) {
  const [draft, setDraft] = useState(name);
  // It may change elsewhere: Back, "Clear filters".
  useEffect(() => setDraft(name), [name]);
  const commit = () => draft.trim() !== name && onChange(draft.trim());
  return (
    <div className="w-44" data-private="">
      <Input
        type="search"
        enterKeyHint="search"
        autoCapitalize="none"
        aria-label={label}
        placeholder={label}
        value={draft}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={commit}
        onKeyDown={({ key, nativeEvent }) => {
          if (key === "Enter" && !nativeEvent.isComposing) commit();
        }}
      />
    </div>
  );
}
