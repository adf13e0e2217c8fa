import type { en } from "./en";

type Texts<Tree> = {
  readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Texts<Tree[Key]>;
};

/** What a language must provide: the keys of the English catalogue, no fewer and no more. */
export type Catalogue = Texts<typeof en>;
