"use strict";

(() => {
  const element = document.getElementById("options");
  const options = JSON.parse(element.textContent);
  // GraphiQL's dialogs ask this name for the nonce of the style that they make.
  window.__webpack_nonce__ = element.dataset.nonce;
  const tabs = options.tabs.map(({ query, variables }) => ({
    query,
    variables: variables ?? undefined,
  }));
  // GraphiQL shows the open tab's query by itself, but not its variables.
  const kept = JSON.parse(localStorage.getItem("graphiql:tabState"));
  const open = kept ? kept.tabs[kept.activeTabIndex] : tabs[0];
  // The session's cookie goes along: the page and the API share an origin.
  const explorer = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: options.endpoint }),
    defaultTabs: tabs.length > 0 ? tabs : undefined,
    variables: open?.variables ?? undefined,
    defaultEditorToolsVisibility: true,
    shouldPersistHeaders: false,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(explorer);
})();
