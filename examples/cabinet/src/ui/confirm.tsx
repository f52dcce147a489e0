import { useState } from "react";
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from "react-aria-components";

import { type Problem } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Problems } from "./form.tsx";

const words = texts({ cancel: "Отмена" }, { cancel: "Cancel" });

/** A button that asks once more before it does what can't be undone. */
export function Confirm({
  label,
  text,
  onConfirm,
}: {
  label: string;
  text: string;
  onConfirm: () => Promise<readonly Problem[] | undefined>;
}) {
  const t = useTexts(words);
  const [problems, setProblems] = useState<readonly Problem[]>();
  return (
    <DialogTrigger>
      <Button className="danger">{label}</Button>
      <ModalOverlay isDismissable>
        <Modal>
          <Dialog role="alertdialog">
            {({ close }) => (
              <>
                <Heading slot="title">{label}</Heading>
                <p>{text}</p>
                <Problems of={problems} />
                <div className="actions">
                  <Button
                    className="danger"
                    onPress={async () => {
                      const found = await onConfirm();
                      setProblems(found);
                      if (!found) close();
                    }}
                  >
                    {label}
                  </Button>
                  <Button onPress={close}>{t.cancel}</Button>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
