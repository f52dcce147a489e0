import { useLabel } from "../api/index.ts";
import { Badge } from "./page.tsx";

// prettier-ignore
const tones = {
  AppealState: { NEW: "plain", IN_PROGRESS: "wait", ANSWERED: "good", CLOSED: "plain" },
  ApplicationState: {
    DRAFT: "plain", SUBMITTED: "wait", IN_REVIEW: "wait", QUESTION: "bad", APPROVED: "good", DECLINED: "bad", WITHDRAWN: "plain",
  },
  InvoiceStatus: { PAID: "good", PROCESSING: "wait", PARTLY_PAID: "wait", DUE: "plain", OVERDUE: "bad" },
  PaymentState: {
    CREATED: "wait", REGISTERED: "wait", PENDING: "wait", SUCCEEDED: "good", DECLINED: "bad", EXPIRED: "plain",
    CANCELED: "plain", PARTIALLY_REFUNDED: "plain", REFUNDED: "plain",
  },
  ReadingState: {
    ACCEPTED: "good", NEEDS_CONFIRMATION: "wait", ON_REVIEW: "wait", REJECTED: "bad", SUPERSEDED: "plain", WITHDRAWN: "plain",
  },
} as const;

interface Props<Name extends keyof typeof tones> {
  readonly name: Name;
  readonly of: keyof (typeof tones)[Name] & string;
}

/** The value of an enum as a coloured word; TypeScript finds a value without a colour. */
export function State<Name extends keyof typeof tones>({ name, of }: Props<Name>) {
  return <Badge tone={tones[name][of] as never}>{useLabel()(name, of)}</Badge>;
}
