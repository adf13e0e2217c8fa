/** What a text of Markdown is made of. There is no raw HTML in it and no picture: what looks so is text, or a link. */

export type Span =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "strong" | "stress"; readonly content: readonly Span[] }
  | { readonly kind: "link"; readonly href: string; readonly content: readonly Span[] };

export type Block =
  | { readonly kind: "paragraph"; readonly content: readonly Span[] }
  | { readonly kind: "heading"; readonly level: number; readonly content: readonly Span[] }
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | {
      readonly kind: "list";
      /** The first number; a list without numbers has none. */
      readonly start: number | undefined;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly kind: "rule" };
