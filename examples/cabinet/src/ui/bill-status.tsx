import type { InvoiceStatus } from "../api/generated/graphql.ts";
import { useLabels } from "../api/labels.ts";
import { Badge } from "./page.tsx";

const tones = { PAID: "good", PROCESSING: "wait", PARTLY_PAID: "wait", DUE: "plain", OVERDUE: "bad" } as const;

export function BillStatus({ of }: { of: InvoiceStatus }) {
  return <Badge tone={tones[of]}>{useLabels().InvoiceStatus[of]}</Badge>;
}
