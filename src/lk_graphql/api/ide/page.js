"use strict";

// The cookie of the session goes along, for the page and the API share an origin.
(() => {
  const options = JSON.parse(document.getElementById("options").textContent);
  const tabs = options.tabs.map(({ query, variables }) => ({
    query,
    variables: variables ?? undefined,
  }));
  const explorer = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: options.endpoint }),
    defaultTabs: tabs.length > 0 ? tabs : undefined,
    defaultEditorToolsVisibility: true,
    shouldPersistHeaders: false,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(explorer);
})();
