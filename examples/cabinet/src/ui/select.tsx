// prettier-ignore
import { Button, FieldError, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, type SelectProps, SelectValue } from "react-aria-components";

interface Props extends Omit<SelectProps<object>, "children" | "onChange"> {
  readonly label: string;
  readonly onChange?: (value: string) => void;
  readonly options: readonly (readonly [value: string, text: string])[];
}

/** One of many. */
export function Select({ label, options, onChange, placeholder, ...props }: Props) {
  return (
    <AriaSelect {...props} placeholder={placeholder ?? "—"} onChange={(value) => onChange?.(String(value))}>
      <Label>{label}</Label>
      <Button>
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      <FieldError />
      <Popover>
        <ListBox>
          {options.map(([value, text]) => (
            <ListBoxItem key={value} id={value}>
              {text}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
