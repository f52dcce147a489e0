"use strict";

(() => {
  const element = document.getElementById("options");
  const options = JSON.parse(element.textContent);
  // GraphiQL's dialogs read the nonce of their style element from this name.
  window.__webpack_nonce__ = element.dataset.nonce;
  const tabs = options.tabs.map(({ query, variables }) => ({
    query,
    variables: variables ?? undefined,
  }));
  // GraphiQL restores the open tab's query, but not its variables.
  const stored = JSON.parse(localStorage.getItem("graphiql:tabState"));
  const open = stored ? stored.tabs[stored.activeTabIndex] : tabs[0];
  // The page and the API share an origin, so requests carry the session cookie.
  const explorer = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: options.endpoint }),
    defaultTabs: tabs.length > 0 ? tabs : undefined,
    variables: open?.variables ?? undefined,
    defaultEditorToolsVisibility: true,
    shouldPersistHeaders: false,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(explorer);
})();
