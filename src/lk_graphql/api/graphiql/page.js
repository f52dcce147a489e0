import { examplesPlugin } from "./examples.js";
import { createFetcher } from "./fetcher.js";
import { prettify } from "./prettify.js";

const source = document.getElementById("options");
const { endpoint, examples, opened } = JSON.parse(source.textContent);
// GraphiQL's dialogs read the nonce of their style element from this name.
window.__webpack_nonce__ = source.dataset.nonce;

const operations = examples.flatMap((example) => example.operations);
const first = operations.find((operation) => operation.name === opened) ?? operations[0];
const plugin = examplesPlugin(examples);
// GraphiQL restores the open tab's query, but not its variables.
const stored = JSON.parse(localStorage.getItem("graphiql:tabState"));
const tab = stored?.tabs[stored.activeTabIndex] ?? first;

// The page and the API share an origin, so requests carry the session cookie.
const explorer = React.createElement(GraphiQL, {
  fetcher: createFetcher(endpoint),
  defaultTabs: first && [{ query: first.query, variables: first.variables ?? undefined }],
  variables: tab?.variables ?? undefined,
  defaultEditorToolsVisibility: "variables",
  inputValueDeprecation: true,
  onPrettifyQuery: prettify,
  plugins: [plugin],
  shouldPersistHeaders: false,
});
const root = ReactDOM.createRoot(document.getElementById("graphiql"));
ReactDOM.flushSync(() => root.render(explorer));
// The property `visiblePlugin` leaves the pane folded.
if (matchMedia("(min-width: 900px)").matches) {
  document.querySelector(`button[aria-label="Show ${plugin.title}"]`)?.click();
}
