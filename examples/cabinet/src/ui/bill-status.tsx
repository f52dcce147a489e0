import { api, useLabel } from "../api/index.ts";
import { Badge } from "./page.tsx";

const tones = { PAID: "good", PROCESSING: "wait", PARTLY_PAID: "wait", DUE: "plain", OVERDUE: "bad" } as const;

export function BillStatus({ of }: { of: api.InvoiceStatus }) {
  return <Badge tone={tones[of]}>{useLabel()("InvoiceStatus", of)}</Badge>;
}
