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
  // GraphiQL puts the first tab's variables into the tab, but not into the editor.
  const isNew = !localStorage.getItem("graphiql:tabState");
  // The session's cookie goes along: the page and the API share an origin.
  const explorer = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: options.endpoint }),
    defaultTabs: tabs.length > 0 ? tabs : undefined,
    variables: isNew ? tabs[0]?.variables : undefined,
    defaultEditorToolsVisibility: true,
    shouldPersistHeaders: false,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(explorer);
})();
