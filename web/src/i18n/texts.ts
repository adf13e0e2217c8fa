/** What a language must provide: the keys of the English texts, no fewer and no more. */
export type Texts<Tree> = {
  readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Texts<Tree[Key]>;
};
