import { useState } from "react";

import type { TokenView, UserModel } from "@/api/types";
import { allowsDialect, allowsModel } from "@/tokens/allows";
import { detectOs } from "./detect-os";
import type { Template } from "./templates/recipe";
import { keyPlaceholder, type Os, type Target } from "./templates/target";
import { speaks, templates } from "./templates/templates";

/** What of a model decides who can use it. */
export type UsableModel = Pick<UserModel, "name" | "dialects" | "channel_groups">;
/** What of a key decides what it can be used for. */
export type UsableKey = Pick<
  TokenView,
  "id" | "name" | "hint" | "status" | "revealable" | "channel_groups" | "rules"
>;

interface Given {
  origin: string;
  models: readonly UsableModel[];
  keys: readonly UsableKey[];
  keyId?: string | undefined;
  client?: string | undefined;
  model?: string | undefined;
  made?: { id: string; key: string } | undefined;
  onReveal?: ((keyId: string) => Promise<string>) | undefined;
}

export interface Choice {
  template: Template;
  os: Os;
  keyId: string | undefined;
  /** The models that the client can use with this key. */
  usable: readonly UsableModel[];
  model: string | undefined;
  more: readonly string[];
  /** Left out where no model fits. */
  target: Target | undefined;
  /** Whether the whole key is known. */
  isKnown: boolean;
  revealing: boolean;
  revealFailed: boolean;
  chooseClient(id: string): void;
  chooseOs(os: Os): void;
  chooseKey(id: string | undefined): void;
  chooseModel(name: string): void;
  chooseMore(names: readonly string[]): void;
  reveal(): void;
}

/** What is chosen, and the target that follows from it. */
export function useChoice(given: Given): Choice {
  const [clientId, setClient] = useState(given.client);
  const [os, setOs] = useState(detectOs);
  const [keyId, setKey] = useState(given.keyId ?? given.made?.id ?? firstActive(given.keys));
  const [chosen, setModel] = useState(given.model);
  const [more, setMore] = useState<readonly string[]>([]);
  const [revealed, setRevealed] = useState<{ id: string; key: string }>();
  const [reveal, setReveal] = useState<"idle" | "asking" | "failed">("idle");

  const template = templateOf(clientId, given.models);
  const usable = usableModels(
    template,
    given.models,
    given.keys.find((key) => key.id === keyId),
  );
  const first = usable.find((model) => model.name === chosen) ?? usable[0];
  const known = [given.made, revealed].find((one) => one !== undefined && one.id === keyId)?.key;
  const rest = usable.filter((model) => model !== first && more.includes(model.name));
  return {
    template,
    os,
    keyId,
    usable,
    model: first?.name,
    more: rest.map((model) => model.name),
    target: first && {
      origin: given.origin,
      os,
      key: known ?? keyPlaceholder,
      models: [first, ...rest],
    },
    isKnown: known !== undefined,
    revealing: reveal === "asking",
    revealFailed: reveal === "failed",
    chooseClient: setClient,
    chooseOs: setOs,
    chooseKey: (id) => {
      setKey(id);
      setReveal("idle");
    },
    chooseModel: setModel,
    chooseMore: setMore,
    reveal: () => {
      if (keyId === undefined || !given.onReveal) return;
      setReveal("asking");
      given.onReveal(keyId).then(
        (key) => {
          setRevealed({ id: keyId, key });
          setReveal("idle");
        },
        () => setReveal("failed"),
      );
    },
  };
}

/** The client asked for, else the first that can use any of the models. */
function templateOf(id: string | undefined, models: readonly UsableModel[]): Template {
  return (
    templates.find((template) => template.id === id) ??
    templates.find((template) => models.some((model) => speaks(template, model))) ??
    templates[0]
  );
}

/** What the client speaks and the key may use, by its channel groups and its rules. A key without groups of its own may use all. */
function usableModels(
  template: Template,
  models: readonly UsableModel[],
  key: UsableKey | undefined,
): readonly UsableModel[] {
  const { channel_groups: groups = [], rules = {} } = key ?? {};
  const within = (model: UsableModel): UsableModel => ({
    ...model,
    dialects: model.dialects.filter((dialect) => allowsDialect(rules, dialect)),
  });
  return models.filter(
    (model) =>
      speaks(template, within(model)) &&
      allowsModel(rules, model.name) &&
      (groups.length === 0 || model.channel_groups.some((group) => groups.includes(group))),
  );
}

function firstActive(keys: readonly UsableKey[]): string | undefined {
  return keys.find((key) => key.status === "active")?.id;
}
