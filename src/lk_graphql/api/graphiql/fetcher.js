// The page's requests: subscriptions by WebSocket, `@oneOf` in the introspection, and ids in place of
// the examples' placeholders.

const ID = /^([a-z]{3})_[A-Za-z0-9_-]{8,}$/;
const PLACEHOLDER = /^([a-z]{3})_(?:…|from_\w+)$/;

// The ids by prefix, from the newest result that has ids of the prefix, in its order.
const shownIds = new Map();

export function createFetcher(endpoint) {
  const subscriptionUrl = new URL(endpoint, location.href);
  subscriptionUrl.protocol = location.protocol.replace("http", "ws");
  const send = GraphiQL.createFetcher({
    url: endpoint,
    subscriptionUrl: subscriptionUrl.href,
    enableIncrementalDelivery: false,
  });
  return async (request, options) => {
    if (request.operationName === "IntrospectionQuery") {
      return sorted(await send({ ...request, query: withOneOf(request.query) }, options));
    }
    const placeholder = strings(request.variables).find((text) => PLACEHOLDER.test(text));
    if (placeholder) {
      return { errors: [{ message: adviceFor(placeholder) }] };
    }
    const result = await send(request, options);
    remember(result.data);
    return result;
  };
}

// The variables of an example, with ids from the last results and new idempotency keys.
export function fillIn(variables) {
  const used = new Map();
  const fill = (value, key) => {
    if (Array.isArray(value)) return value.map((item) => fill(item));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, fill(of, name)]));
    }
    if (key === "idempotencyKey") return newKey();
    const prefix = typeof value === "string" && PLACEHOLDER.exec(value)?.[1];
    if (!prefix) return value;
    const position = used.get(prefix) ?? 0;
    used.set(prefix, position + 1);
    return shownIds.get(prefix)?.[position] ?? value;
  };
  return JSON.stringify(fill(JSON.parse(variables)), null, 2);
}

function adviceFor(placeholder) {
  const source = placeholder.split("_from_")[1];
  const operation = source ? `${source} shows some` : "an operation that selects ids shows them";
  return (
    `“${placeholder}” in the variables stands for an id: ${operation}. ` +
    "Open the example again after that, and the id is filled in."
  );
}

function remember(data) {
  const byPrefix = new Map();
  for (const text of strings(data)) {
    const prefix = !PLACEHOLDER.test(text) && ID.exec(text)?.[1];
    if (prefix) byPrefix.set(prefix, (byPrefix.get(prefix) ?? new Set()).add(text));
  }
  for (const [prefix, ids] of byPrefix) shownIds.set(prefix, [...ids]);
}

function strings(value) {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

// GraphiQL 4 doesn't query `isOneOf` of input types, but its validation uses it.
function withOneOf(query) {
  return query.replace("fragment FullType on __Type {", "$& isOneOf");
}

function sorted(introspection) {
  introspection.data?.__schema.types.sort((one, other) => (one.name < other.name ? -1 : 1));
  return introspection;
}
