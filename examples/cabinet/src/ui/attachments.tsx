import { useEffect, useRef, useState } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { useQuery } from "urql";

import { api, type Problem, useUpload } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";

// prettier-ignore
const words = texts(
  { add: "Прикрепить файл", remove: "Убрать", upTo: "до", failed: "Файл не загружен, уберите его или прикрепите ещё раз" },
  { add: "Attach a file", remove: "Remove", upTo: "up to", failed: "A file isn't uploaded, remove it or attach it again" },
);

interface Attachment {
  readonly key: number;
  readonly name: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly id?: string;
  readonly problem?: string;
}

let lastKey = 0;

/** Files that are sent at once, while the rest of the form is filled in. */
export function useAttachments() {
  const t = useTexts(words);
  const upload = useUpload();
  const [files, setFiles] = useState<readonly Attachment[]>([]);
  const latest = useRef(files);
  latest.current = files;
  /** Whoever waits until no file is on its way. */
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    if (!files.some(isOnItsWay)) for (const goOn of waiting.current.splice(0)) goOn();
  }, [files]);
  const change = (key: number, by: Partial<Attachment>) =>
    setFiles((all) => all.map((it) => (it.key === key ? { ...it, ...by } : it)));
  async function add(file: File): Promise<string | undefined> {
    const key = ++lastKey;
    setFiles((all) => [...all, { key, name: file.name, share: 0 }]);
    const done = await upload(file, (share) => change(key, { share }));
    if ("problem" in done) change(key, { problem: done.problem.message });
    else change(key, { id: done.id, share: 1 });
    return "id" in done ? done.id : undefined;
  }
  /** What a mutation takes, once all files are there; or which of them failed. */
  async function uploaded(): Promise<{ uploadIds: string[]; problems?: readonly Problem[] }> {
    if (latest.current.some(isOnItsWay)) await new Promise<void>((goOn) => waiting.current.push(goOn));
    const failed = latest.current.filter(({ problem }) => problem);
    return {
      uploadIds: latest.current.flatMap(({ id }) => id ?? []),
      ...(failed.length && {
        problems: failed.map(({ name }) => ({ field: "", reason: "upload", message: `${t.failed}: ${name}` })),
      }),
    };
  }
  return { files, add, remove: (key: number) => setFiles((all) => all.filter((it) => it.key !== key)), uploaded };
}

const isOnItsWay = ({ id, problem }: Attachment) => !id && !problem;

export function Attachments({ of: { files, add, remove } }: { of: ReturnType<typeof useAttachments> }) {
  const t = useTexts(words);
  return (
    <div className="field">
      <FilePicker label={t.add} onChosen={add} />
      <ul>
        {files.map((file) => (
          <li key={file.key} className="row">
            <span>{file.name}</span>
            {isOnItsWay(file) && <progress value={file.share} aria-label={file.name} />}
            {file.problem && (
              <span role="alert" className="react-aria-FieldError">
                {file.problem}
              </span>
            )}
            <Button className="quiet" onPress={() => remove(file.key)} aria-label={`${t.remove}: ${file.name}`}>
              {t.remove}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A button that opens the file dialog for what the API takes. */
export function FilePicker({ label, onChosen }: { label: string; onChosen: (file: File) => void }) {
  const t = useTexts(words);
  const { size } = useFormat();
  const [{ data }] = useQuery({ query: api.UploadRulesDocument });
  const rules = data?.publicSettings.uploads;
  return (
    <>
      <FileTrigger
        allowsMultiple
        acceptedFileTypes={rules?.kinds.flatMap(({ extensions }) => extensions) ?? []}
        onSelect={(chosen) => [...(chosen ?? [])].forEach(onChosen)}
      >
        <Button>{label}</Button>
      </FileTrigger>
      {rules && (
        <small>{`${rules.kinds.map(({ kind }) => kind).join(", ")}; ${t.upTo} ${size(rules.largestBytes)}`}</small>
      )}
    </>
  );
}
