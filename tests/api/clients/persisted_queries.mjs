// Drives persisted queries by the own code of GraphQL clients, and prints what they sent and got.
//
//   npm install --prefix FOLDER graphql @urql/core @urql/exchange-persisted rxjs react \
//     @apollo/client@3 apollo4@npm:@apollo/client@4 relay-runtime
//   NODE_PATH=FOLDER/node_modules node persisted_queries.mjs http://127.0.0.1:8000/graphql
import { createHash } from "node:crypto";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_PATH}/`);
const [url, token] = process.argv.slice(2);
const textOf = (name) => `query ${name} {\n  viewer {\n    email\n  }\n}`;
const headers = { authorization: `Bearer ${token}` };
const kept = ["accept", "content-type", "apollo-require-preflight"];

const version = (name) => require(`${name}/package.json`).version;
const sha256 = (value) => createHash("sha256").update(value).digest("hex");

let wire = [];
async function recorded(target, options = {}) {
  const request = new Request(target, options);
  const answer = await fetch(request.clone());
  const sent = Object.fromEntries([...request.headers].filter(([name]) => kept.includes(name)));
  const body = await answer.clone().text();
  wire.push({
    request: {
      method: request.method,
      query: new URL(request.url).search.slice(1),
      headers: sent,
      body: await request.text(),
    },
    status: answer.status,
    response: body.replace(/,"extensions":\{"cost".*/s, "}"),
  });
  return answer;
}

async function urql(name, get) {
  const { Client, fetchExchange, gql } = require("@urql/core");
  const { persistedExchange } = require("@urql/exchange-persisted");
  const client = new Client({
    url,
    fetch: recorded,
    fetchOptions: { headers },
    preferGetMethod: get,
    requestPolicy: "network-only",
    exchanges: [persistedExchange({ preferGetForPersistedQueries: get }), fetchExchange],
  });
  const ask = () => client.query(gql(textOf(name)), {}).toPromise();
  return [await ask(), await ask()].map(({ data, error }) => ({ data, error: error?.message }));
}

async function apollo(name, module, links, get) {
  const { ApolloClient, InMemoryCache, HttpLink, gql } = require(module);
  const { PersistedQueryLink, createPersistedQueryLink } = require(links);
  const options = { sha256, useGETForHashedQueries: get };
  const persisted = PersistedQueryLink
    ? new PersistedQueryLink(options)
    : createPersistedQueryLink(options);
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: persisted.concat(new HttpLink({ uri: url, headers, fetch: recorded })),
  });
  const ask = () => client.query({ query: gql(textOf(name)), fetchPolicy: "network-only" });
  return [await ask(), await ask()].map(({ data, error }) => ({ data, error: error?.message }));
}

async function relay(name) {
  const runtime = require("relay-runtime");
  const send = async (body) =>
    (await recorded(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    })).json();
  const network = runtime.Network.create(async ({ id }, variables) => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: id } };
    const answer = await send({ operationName: name, variables, extensions });
    if (answer.errors?.[0].message !== "PersistedQueryNotFound") return answer;
    return send({ query: textOf(name), operationName: name, variables, extensions });
  });
  const environment = new runtime.Environment({
    network,
    store: new runtime.Store(new runtime.RecordSource()),
  });
  const scalar = { alias: null, args: null, kind: "ScalarField", name: "email", storageKey: null };
  const viewer = {
    alias: null, args: null, concreteType: "User", kind: "LinkedField", name: "viewer",
    plural: false, selections: [scalar], storageKey: null,
  };
  const part = { argumentDefinitions: [], name, selections: [viewer] };
  const artifact = {
    kind: "Request",
    fragment: { ...part, kind: "Fragment", metadata: null, type: "Query", abstractKey: null },
    operation: { ...part, kind: "Operation" },
    params: { id: sha256(textOf(name)), metadata: {}, name, operationKind: "query", text: null },
  };
  const ask = () =>
    runtime.fetchQuery(environment, artifact, {}, { fetchPolicy: "network-only" }).toPromise();
  return [await ask(), await ask()].map((data) => ({ data }));
}

const CLIENTS = {
  [`@urql/core ${version("@urql/core")}, GET`]: () => urql("UrqlGet", true),
  [`@urql/core ${version("@urql/core")}, POST`]: () => urql("UrqlPost", false),
  [`@apollo/client ${version("@apollo/client")}, GET`]: () =>
    apollo("Apollo3Get", "@apollo/client/core", "@apollo/client/link/persisted-queries", true),
  [`@apollo/client ${version("@apollo/client")}, POST`]: () =>
    apollo("Apollo3Post", "@apollo/client/core", "@apollo/client/link/persisted-queries", false),
  [`@apollo/client ${version("apollo4")}, GET`]: () =>
    apollo("Apollo4Get", "apollo4", "apollo4/link/persisted-queries", true),
  [`@apollo/client ${version("apollo4")}, POST`]: () =>
    apollo("Apollo4Post", "apollo4", "apollo4/link/persisted-queries", false),
  [`relay-runtime ${version("relay-runtime")}`]: () => relay("Relay"),
};

const results = {};
for (const [name, run] of Object.entries(CLIENTS)) {
  wire = [];
  results[name] = { answers: await run(), wire };
}
console.log(JSON.stringify(results, null, 1));
