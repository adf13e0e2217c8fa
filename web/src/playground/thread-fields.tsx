import { Columns2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { UserModel } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { RemoveThread } from "./remove-thread";
import { mostThreads, type Thread } from "./thread";
import { useThreadName } from "./thread-name";
import type { Playground } from "./use-playground";

interface Props {
  play: Playground;
  models: readonly UserModel[];
}

/** Which models are asked, and in which dialects. */
export function ThreadFields({ play, models }: Props) {
  const { t } = useTranslation("playground");
  const { threads } = play;
  return (
    <div className="space-y-4">
      {threads.map((thread, at) => (
        <OneThread key={thread.id} thread={thread} number={at + 1} play={play} models={models} />
      ))}
      {models.length > 0 && threads.length < mostThreads && (
        <Button size="sm" icon={<Columns2 aria-hidden="true" />} onClick={play.addThread}>
          {t("compare.add")}
        </Button>
      )}
    </div>
  );
}

function OneThread({ thread, number, play, models }: Props & { thread: Thread; number: number }) {
  const { t } = useTranslation("playground");
  const nameOf = useThreadName(play.threads);
  const isAlone = play.threads.length === 1;
  const model = models.find((one) => one.name === thread.model);
  const label = (word: string) => (isAlone ? word : t("compare.numbered", { word, number }));
  return (
    <div className="space-y-4">
      <Field
        label={label(t("form.model"))}
        {...(!isAlone && {
          aside: (
            <RemoveThread
              name={nameOf(thread)}
              hasTurns={thread.tree.all.length > 0}
              onRemove={() => play.removeThread(thread.id)}
            />
          ),
        })}
      >
        <Select
          value={thread.model}
          onChange={(event) => play.chooseModel(thread.id, event.target.value)}
        >
          {models.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </Select>
      </Field>
      <Field label={label(t("form.dialect"))}>
        <Select
          value={thread.dialect}
          onChange={(event) => {
            const dialect = model?.dialects.find((one) => one === event.target.value);
            if (dialect) play.chooseDialect(thread.id, dialect);
          }}
        >
          {(model?.dialects ?? [thread.dialect]).map((dialect) => (
            <option key={dialect} value={dialect}>
              {t(`dialect.${dialect}`)}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}
