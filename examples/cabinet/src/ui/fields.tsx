import { type FormEvent, type ReactNode, useState } from "react";
import {
  Button,
  Checkbox as AriaCheckbox,
  type CheckboxProps,
  FieldError,
  Input,
  Label,
  Radio,
  RadioGroup,
  type RadioGroupProps,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from "react-aria-components";

import { texts, useTexts } from "../i18n.ts";

interface FieldProps extends Omit<TextFieldProps, "children"> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly rows?: number;
  /** After the input: a button, a unit. */
  readonly suffix?: ReactNode;
}

/** A text field with its label, its hint and what the server refused. */
export function Field({ label, hint, rows, inputMode, suffix, ...props }: FieldProps) {
  return (
    <TextField {...props}>
      <Label>{label}</Label>
      <div className="input">
        {rows ? (
          <TextArea rows={rows} onInput={forgetRefusal} />
        ) : (
          <Input {...(inputMode && { inputMode })} onInput={forgetRefusal} />
        )}
        {suffix}
      </div>
      {hint && <Text slot="description">{hint}</Text>}
      <FieldError />
    </TextField>
  );
}

/**
 * A refusal goes when the person begins to correct it. React Aria takes it away with `change`, when
 * the field is left: the button below would move under the pointer that presses it.
 */
function forgetRefusal({ currentTarget: field }: FormEvent<HTMLInputElement | HTMLTextAreaElement>) {
  if (field.validity.customError) field.dispatchEvent(new Event("change", { bubbles: true }));
}

const passwordTexts = texts({ show: "Показать", hide: "Скрыть" }, { show: "Show", hide: "Hide" });

/** A password that can be looked at. */
export function Password(props: FieldProps) {
  const t = useTexts(passwordTexts);
  const [isShown, setShown] = useState(false);
  return (
    <Field
      {...props}
      type={isShown ? "text" : "password"}
      isRequired
      suffix={
        <Button className="quiet" onPress={() => setShown(!isShown)}>
          {isShown ? t.hide : t.show}
        </Button>
      }
    />
  );
}

export function Checkbox({ children, ...props }: Omit<CheckboxProps, "children"> & { children: ReactNode }) {
  return (
    <AriaCheckbox {...props}>
      <span className="box" aria-hidden="true" />
      <span>{children}</span>
    </AriaCheckbox>
  );
}

interface ChoiceProps extends Omit<RadioGroupProps, "children"> {
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: ReactNode])[];
}

/** One of few. */
export function Choice({ label, options, ...props }: ChoiceProps) {
  return (
    <RadioGroup {...props}>
      <Label>{label}</Label>
      {options.map(([value, text]) => (
        <Radio key={value} value={value}>
          <span className="dot" aria-hidden="true" />
          <span>{text}</span>
        </Radio>
      ))}
      <FieldError />
    </RadioGroup>
  );
}
