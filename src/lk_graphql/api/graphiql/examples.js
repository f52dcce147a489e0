// The list of examples on the left: a section for customers, one for staff, a button per operation.

import { fillIn } from "./fetcher.js";

const { createElement: element } = React;
const TITLE = "Examples";

export function examplesPlugin(examples) {
  const sections = [
    ["Customers · Абоненты", examples.filter((example) => !example.is_for_staff)],
    ["Staff · Сотрудники", examples.filter((example) => example.is_for_staff)],
  ].filter(([, members]) => members.length > 0);
  return {
    title: TITLE,
    icon: Icon,
    content: () => element(Panel, { sections }),
  };
}

function Panel({ sections }) {
  const open = useOpenOperation();
  return element(
    "section",
    { "aria-label": TITLE, className: "examples" },
    element("div", { className: "graphiql-doc-explorer-title" }, TITLE),
    element("p", null, "An operation opens in a tab, with its own variables. Ctrl-Enter runs it; ids come from what was shown before."),
    ...sections.map(([title, examples]) =>
      element(
        "section",
        { key: title },
        element("h2", null, title),
        ...examples.map((example) => element(Example, { key: example.title, example, open })),
      ),
    ),
  );
}

function Example({ example, open }) {
  return element(
    "details",
    null,
    element("summary", null, example.title),
    example.guide && element("p", { className: "guide" }, example.guide),
    element(
      "ul",
      null,
      ...example.operations.map((operation) =>
        element(
          "li",
          { key: operation.name },
          element(
            "button",
            { type: "button", className: "graphiql-un-styled", onClick: () => open(operation) },
            element("span", { className: `kind ${operation.kind}` }, operation.kind),
            operation.name,
          ),
        ),
      ),
    ),
  );
}

// Shows an operation in the tab that has it unchanged, or in a new tab.
function useOpenOperation() {
  const editors = GraphiQL.React.useEditorContext({ nonNull: true });
  return ({ query, variables }) => {
    const values = variables ? fillIn(variables) : "";
    const position = editors.tabs.findIndex((tab) => tab.query === query);
    ReactDOM.flushSync(() => (position < 0 ? editors.addTab() : editors.changeTab(position)));
    editors.queryEditor.setValue(query);
    editors.variableEditor.setValue(values);
    if (matchMedia("(max-width: 640px)").matches) {
      document.querySelector(`button[aria-label="Hide ${TITLE}"]`)?.click();
    }
  };
}

function Icon() {
  return element(
    "svg",
    { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeWidth: 1.5 },
    element("title", null, "examples icon"),
    element("path", { d: "M4 6h16M4 12h16M4 18h10" }),
  );
}
