import { useCallback, useEffect, useState } from "react";
import { Button } from "react-aria-components";

import { api, type Problem, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Field } from "./fields.tsx";
import { Problems } from "./form.tsx";

// prettier-ignore
const words = texts(
  {
    label: "Символы с картинки", alt: "Картинка с буквами и цифрами; их можно и прослушать",
    listen: "Прослушать", another: "Другая картинка",
  },
  {
    label: "Letters in the picture", alt: "A picture of letters and digits; you can also listen",
    listen: "Listen", another: "Another picture",
  },
);

/** The fields `captcha.id` and `captcha.code` of a form. A new key draws a new picture. */
export function Captcha() {
  const t = useTexts(words);
  const [create] = useMutate(api.NewCaptchaDocument);
  const [captcha, setCaptcha] = useState<api.NewCaptchaMutation["captchaCreate"]["captcha"]>();
  const [problems, setProblems] = useState<readonly Problem[]>();
  const draw = useCallback(async () => {
    const { payload, problems } = await create({});
    setCaptcha(payload?.captcha);
    setProblems(problems);
  }, [create]);
  useEffect(() => void draw(), [draw]);
  return (
    <div className="captcha">
      <Problems of={problems} />
      <input type="hidden" name="captcha.id" value={captcha?.id ?? ""} />
      <img src={captcha?.picture ?? "data:,"} alt={t.alt} width="240" height="80" />
      <div className="actions">
        <Button onPress={draw}>{t.another}</Button>
        <Button onPress={() => void new Audio(captcha?.audio ?? undefined).play()}>{t.listen}</Button>
      </div>
      <Field name="captcha.code" label={t.label} autoComplete="off" isRequired />
    </div>
  );
}
