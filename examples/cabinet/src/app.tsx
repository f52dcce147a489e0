/** Providers, and which page stands at which path. */

import { type ComponentType, lazy, Suspense, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { Provider, useQuery } from "urql";
import { Route, Switch } from "wouter";

import { api, createApi, mayBeSignedIn, useSession } from "./api/index.ts";
import { type Language, LanguageContext, storedLanguage, storeLanguage } from "./i18n.ts";
import SignIn from "./pages/sign-in.tsx";
import { Loaded } from "./ui/index.ts";
import { ViewerContext } from "./viewer.tsx";
import { Frame } from "./ui/frame.tsx";

/** Each page is a file of its own name in `pages/`, loaded when it is opened; but for the first. */
const files = import.meta.glob<{ default: ComponentType<any> }>(["./pages/*.tsx", "!./pages/sign-in.tsx"]);
const page = (name: string) => lazy(files[`./pages/${name}.tsx`]!);

// Home's code comes while the API is asked who is signed in.
if (mayBeSignedIn() && location.pathname === "/") void files["./pages/accounts.tsx"]!();

const MailLink = page("mail-link");
const Payment = page("payment");

const forEverybody = {
  "/register": page("register"),
  "/forgot-password": page("forgot-password"),
  "/activate": MailLink,
  "/reset-password": MailLink,
  "/confirm-email": MailLink,
  "/undo-account-link": MailLink,
  "/unsubscribe": MailLink,
};

const Accounts = page("accounts");

/** The paths that mails lead to are those of the client guide: `/invoices/inv_…`, for example. */
const forCustomers = {
  "/": Accounts,
  "/sign-in": Accounts,
  "/accounts/link": page("link-account"),
  "/accounts/:id": page("account"),
  "/invoices": page("bills"),
  "/invoices/:id": page("bill"),
  "/unpaid": page("unpaid"),
  "/readings": page("readings"),
  "/appeals": page("appeals"),
  "/appeals/new": page("appeal-new"),
  "/appeals/:id": page("appeal"),
  "/contracts": page("contracts"),
  "/contract-applications/:id": page("application"),
  "/pay": page("pay"),
  "/payment": Payment,
  "/payments/:id": Payment,
  "/payments": page("payments"),
  "/meters/:id": page("meter"),
  "/notices": page("notices"),
  "/profile": page("profile"),
  "/settings/personal-data": page("personal-data"),
  "/settings/notifications": page("subscriptions"),
  "/password": page("password"),
  "/*?": page("menu"),
};

export function App() {
  const [language, setLanguage] = useState(storedLanguage);
  const { generation } = useSession();
  // A new client, with an empty cache, for each session and language.
  const client = useMemo(() => createApi(language), [generation, language]);
  const choose = (chosen: Language) => {
    storeLanguage(chosen);
    setLanguage(chosen);
  };
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <LanguageContext value={[language, choose]}>
      <I18nProvider locale={language}>
        <Provider value={client} key={generation}>
          <Pages />
        </Provider>
      </I18nProvider>
    </LanguageContext>
  );
}

function Pages() {
  const query = useQuery({ query: api.MeDocument });
  const { data } = query[0];
  const viewer = data?.viewer;
  // Who comes for the first time sees the form at once; it stays when the answer is that nobody is signed in.
  const isGuest = data ? !viewer : !mayBeSignedIn();
  return (
    <ViewerContext value={viewer ?? null}>
      <Frame>
        <Suspense fallback={<div className="skeleton" />}>
          <Switch>
            {routes(forEverybody)}
            {/* Everything else needs a session: the form stands in its place, then the page itself. */}
            <Route>
              {isGuest ? <SignIn /> : <Loaded query={query}>{() => <Switch>{routes(forCustomers)}</Switch>}</Loaded>}
            </Route>
          </Switch>
        </Suspense>
      </Frame>
    </ViewerContext>
  );
}

const routes = (pages: Record<string, ComponentType<any>>) =>
  Object.entries(pages).map(([path, component]) => <Route key={path} path={path} component={component} />);
