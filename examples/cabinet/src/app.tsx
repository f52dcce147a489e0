/** Providers, and which page stands at which path. */

import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { Provider, useQuery } from "urql";
import { Route, Switch } from "wouter";

import { createApi } from "./api/client.ts";
import { MeDocument } from "./api/generated/graphql.ts";
import { sessionEnded, useSession } from "./api/session.ts";
import { type Language, LanguageContext, storedLanguage, storeLanguage } from "./i18n.ts";
import { ViewerContext } from "./viewer.tsx";
import { Frame } from "./ui/frame.tsx";
import { Loaded } from "./ui/page.tsx";

const Accounts = lazy(() => import("./pages/accounts.tsx"));
const Account = lazy(() => import("./pages/account.tsx"));
const Appeal = lazy(() => import("./pages/appeal.tsx"));
const Appeals = lazy(() => import("./pages/appeals.tsx"));
const AppealNew = lazy(() => import("./pages/appeal-new.tsx"));
const Application = lazy(() => import("./pages/application.tsx"));
const Bill = lazy(() => import("./pages/bill.tsx"));
const Bills = lazy(() => import("./pages/bills.tsx"));
const Contracts = lazy(() => import("./pages/contracts.tsx"));
const ForgotPassword = lazy(() => import("./pages/forgot-password.tsx"));
const LinkAccount = lazy(() => import("./pages/link-account.tsx"));
const MailLink = lazy(() => import("./pages/mail-link.tsx"));
const Menu = lazy(() => import("./pages/menu.tsx"));
const Notices = lazy(() => import("./pages/notices.tsx"));
const PasswordPage = lazy(() => import("./pages/password.tsx"));
const Pay = lazy(() => import("./pages/pay.tsx"));
const Payment = lazy(() => import("./pages/payment.tsx"));
const Payments = lazy(() => import("./pages/payments.tsx"));
const Profile = lazy(() => import("./pages/profile.tsx"));
const Readings = lazy(() => import("./pages/readings.tsx"));
const Register = lazy(() => import("./pages/register.tsx"));
const SignIn = lazy(() => import("./pages/sign-in.tsx"));
const Subscriptions = lazy(() => import("./pages/subscriptions.tsx"));

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
  const query = useQuery({ query: MeDocument });
  const viewer = query[0].data?.viewer;
  const wasSignedIn = useRef(false);
  useEffect(() => {
    // A session that has ended shows as a guest: any query on any page brings it to the cache.
    if (viewer === null && wasSignedIn.current) sessionEnded("by-server");
    wasSignedIn.current = Boolean(viewer);
  }, [viewer]);
  return (
    <ViewerContext value={viewer ?? null}>
      <Frame>
        <Suspense fallback={<div className="skeleton" />}>
          <Switch>
            <Route path="/register" component={Register} />
            <Route path="/forgot-password" component={ForgotPassword} />
            {["/activate", "/reset-password", "/confirm-email", "/undo-account-link", "/unsubscribe"].map(
              (path) => (
                <Route key={path} path={path} component={MailLink} />
              ),
            )}
            {/* Everything else needs a session: the form stands in its place, then the page itself. */}
            <Route>
              <Loaded query={query}>{(data) => (data.viewer ? <Own /> : <SignIn />)}</Loaded>
            </Route>
          </Switch>
        </Suspense>
      </Frame>
    </ViewerContext>
  );
}

function Own() {
  return (
    <Switch>
      <Route path="/" component={Accounts} />
      <Route path="/accounts/link" component={LinkAccount} />
      <Route path="/accounts/:id" component={Account} />
      <Route path="/bills" component={Bills} />
      <Route path="/bills/:id" component={Bill} />
      <Route path="/readings" component={Readings} />
      <Route path="/appeals" component={Appeals} />
      <Route path="/appeals/new" component={AppealNew} />
      <Route path="/appeals/:id" component={Appeal} />
      <Route path="/contracts" component={Contracts} />
      <Route path="/applications/:id" component={Application} />
      <Route path="/pay" component={Pay} />
      <Route path="/payment" component={Payment} />
      <Route path="/payments" component={Payments} />
      <Route path="/notices" component={Notices} />
      <Route path="/profile" component={Profile} />
      <Route path="/subscriptions" component={Subscriptions} />
      <Route path="/password" component={PasswordPage} />
      <Route component={Menu} />
    </Switch>
  );
}
