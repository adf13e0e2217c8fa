interface Option<Value extends string> {
  value: Value;
  label: string;
  lang?: string;
}

interface Props<Value extends string> {
  name: string;
  legend: string;
  options: readonly Option<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}

/** A choice of few: radio buttons that look like one control. Arrow keys move between them. */
export function Segmented<Value extends string>(props: Props<Value>) {
  return (
    <fieldset className="inline-flex rounded-control border border-line-strong p-px">
      <legend className="sr-only">{props.legend}</legend>
      {props.options.map((option) => (
        <label
          key={option.value}
          lang={option.lang}
          className="flex min-h-7 cursor-pointer items-center rounded-[5px] px-2 text-fg-2 text-xs hover:text-fg has-checked:bg-surface-3 has-checked:font-medium has-checked:text-fg has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-2 pointer-coarse:min-h-11"
        >
          <input
            type="radio"
            name={props.name}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
            className="sr-only"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
