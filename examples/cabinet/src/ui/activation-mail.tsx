import { useState } from "react";

import { api, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Form } from "./form.tsx";
import { Done } from "./page.tsx";

// prettier-ignore
const words = texts(
  { resend: "Отправить письмо ещё раз", sent: "Мы отправили письмо на", follow: "Откройте ссылку в нём, чтобы активировать учётную запись." },
  { resend: "Send the mail again", sent: "We sent a mail to", follow: "Open its link to activate your login." },
);

/** Where the mail with the activation link was sent, and what to do with it. */
export function ActivationMailSent({ to }: { to: string }) {
  const t = useTexts(words);
  return (
    <p>
      {t.sent} <strong>{to}</strong>. {t.follow}
    </p>
  );
}

/** Sends the mail with the activation link again. A try that comes too early is refused in words. */
export function ActivationMail({ to }: { to: string }) {
  const t = useTexts(words);
  const [resend] = useMutate(api.ResendActivationDocument);
  const [isSent, setSent] = useState(false);
  async function submit() {
    const { payload, problems } = await resend({ email: to });
    setSent(Boolean(payload));
    return problems;
  }
  return (
    <Form submit={t.resend} onSubmit={submit}>
      {isSent && (
        <Done>
          <ActivationMailSent to={to} />
        </Done>
      )}
    </Form>
  );
}
