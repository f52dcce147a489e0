import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button, Form as AriaForm } from "react-aria-components";

import type { Problem } from "../api/problems.ts";
import { useFormat } from "../i18n.ts";

export type Values = Record<string, string>;

interface Props {
  /** Sends the fields' values; what comes back is shown at the fields, or above the button. */
  readonly onSubmit: (values: Values) => Promise<readonly Problem[] | undefined>;
  readonly submit: string;
  readonly children?: ReactNode;
  /** More buttons, after the one that submits. */
  readonly actions?: ReactNode;
}

/**
 * A form whose fields have the names of the API's `path`s. Fields aren't controlled: the browser
 * holds what is typed, and a refusal finds its field by name.
 */
export function Form({ onSubmit, submit, children, actions }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [isBusy, setBusy] = useState(false);

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.currentTarget)) as Values;
    setBusy(true);
    const found = (await onSubmit(values)) ?? [];
    setBusy(false);
    setProblems(found);
  }
  useEffect(() => {
    if (problems.length) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problems]);

  const hasField = ({ field }: Problem) => Boolean(field && form.current?.elements.namedItem(field));
  const atFields = Object.groupBy(problems.filter(hasField), ({ field }) => field);
  return (
    <AriaForm
      ref={form}
      onSubmit={send}
      validationErrors={Object.fromEntries(
        Object.entries(atFields).map(([field, found]) => [field, found!.map((it) => it.message)]),
      )}
    >
      {children}
      <Problems of={problems.filter((problem) => !hasField(problem))} />
      <div className="actions">
        <Button type="submit" className="primary" isPending={isBusy}>
          {submit}
        </Button>
        {actions}
      </div>
    </AriaForm>
  );
}

/** What went wrong and belongs to no field. */
export function Problems({ of }: { readonly of: readonly Problem[] | undefined }) {
  const { moment } = useFormat();
  if (!of?.length) return null;
  return (
    <div role="alert" className="note bad">
      {of.map(({ message, retryAt }) => (
        <p key={message}>
          {message} {retryAt && <time dateTime={retryAt}>→ {moment(retryAt as never)}</time>}
        </p>
      ))}
    </div>
  );
}
