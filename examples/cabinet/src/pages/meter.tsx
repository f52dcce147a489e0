import { useQuery } from "urql";
import { Redirect } from "wouter";

import { api } from "../api/index.ts";
import { Loaded } from "../ui/index.ts";

/** A mail about a meter leads here; it is shown with its account. */
export default function Meter({ params: { id } }: { params: { id: string } }) {
  const query = useQuery({ query: api.MeterAccountDocument, variables: { id } });
  return (
    <Loaded query={query}>
      {({ meter }) => <Redirect to={meter ? `/accounts/${meter.account.id}` : "/"} replace />}
    </Loaded>
  );
}
