import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button, Form as AriaForm } from "react-aria-components";

import { type Draft, type Problem } from "../api/index.ts";
import { useFormat } from "../i18n.ts";

export type Values = Record<string, string>;

interface Props {
  /** Sends the fields' values; what comes back is shown at the fields, or above the button. */
  readonly onSubmit: (values: Values) => Promise<readonly Problem[] | undefined>;
  readonly submit: string;
  /** While there is nothing that could be submitted. */
  readonly isDisabled?: boolean;
  /** For what can't be undone. */
  readonly isDangerous?: boolean;
  /** Where the fields' values are kept until they are accepted; the fields begin with what it has. */
  readonly draft?: Draft<Values>;
  readonly children?: ReactNode;
  /** More buttons, after the one that submits. */
  readonly actions?: ReactNode;
}

/**
 * A form whose fields have the names of the API's `path`s. Fields aren't controlled: the browser
 * holds what is typed, and a refusal finds its field by name.
 */
export function Form({ onSubmit, submit, isDisabled = false, isDangerous = false, draft, children, actions }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [found, setFound] = useState<Found>({ atFields: {}, others: [] });
  const [isBusy, setBusy] = useState(false);

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const { elements } = event.currentTarget;
    const values = Object.fromEntries(new FormData(event.currentTarget)) as Values;
    setBusy(true);
    const problems = await onSubmit(values);
    if (!problems) draft?.forget();
    setFound(sorted(problems ?? [], elements));
    setBusy(false);
  }
  useEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), [found]);
  useEffect(() => {
    const { current: element } = form;
    if (!draft || !element) return;
    let isTyped = false;
    const keep = ({ type }: Event) => {
      isTyped ||= type === "input";
      if (isTyped) draft.keep(Object.fromEntries(new FormData(element)) as Values);
    };
    element.addEventListener("input", keep);
    element.addEventListener("focusout", keep); // a choice is no input
    return () => {
      element.removeEventListener("input", keep);
      element.removeEventListener("focusout", keep);
    };
  }, [draft]);
  return (
    <AriaForm ref={form} onSubmit={send} validationErrors={found.atFields}>
      {children}
      <Problems of={found.others} />
      <div className="actions">
        <Button
          type="submit"
          className={isDangerous ? "danger" : "primary"}
          isDisabled={isDisabled}
          data-busy={isBusy || undefined}
        >
          {submit}
        </Button>
        {actions}
      </div>
    </AriaForm>
  );
}

interface Found {
  /** Texts by the fields' names, as React Aria takes them. */
  readonly atFields: Record<string, string[]>;
  readonly others: readonly Problem[];
}

function sorted(problems: readonly Problem[], fields: HTMLFormControlsCollection): Found {
  const atFields: Record<string, string[]> = {};
  const others: Problem[] = [];
  for (const problem of problems)
    if (problem.field && fields.namedItem(problem.field)) (atFields[problem.field] ??= []).push(problem.message);
    else others.push(problem);
  return { atFields, others };
}

/** What went wrong and belongs to no field. */
export function Problems({ of }: { readonly of: readonly Problem[] | undefined }) {
  if (!of?.length) return null;
  return (
    <div role="alert" className="note bad">
      {of.map(({ message, retryAt }) => (
        <p key={message}>
          {message} {retryAt && <Moment of={retryAt} />}
        </p>
      ))}
    </div>
  );
}

/** Apart, as the formats take a slow telephone some time, and the first page needs none. */
function Moment({ of }: { of: string }) {
  const { moment } = useFormat();
  return <time dateTime={of}>→ {moment(of as never)}</time>;
}
