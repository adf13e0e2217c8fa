import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { CodeBlock } from "@/components/ui/code-block";
import { AppLink, linkLook } from "@/connect/app-link";
import { parseMarkdown } from "./blocks";
import { isInSite } from "./links";
import type { Block, Span } from "./syntax";

/** What somebody wrote as Markdown. It cannot bring HTML, scripts or pictures into the page. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div data-raw="" className="min-w-0 space-y-2 [overflow-wrap:anywhere]">
      <Blocks of={blocks} />
    </div>
  );
}

function Blocks({ of }: { of: readonly Block[] }) {
  return of.map((block, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown as a whole, nothing in it moves
    <OneBlock key={at} block={block} />
  ));
}

const headingLooks = ["text-xl", "text-lg"];

function OneBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case "paragraph":
      return (
        <p dir="auto">
          <Spans of={block.content} />
        </p>
      );
    case "heading":
      // Within the page they are all of one rank: what they are headings of is one message.
      return (
        <h3 dir="auto" className={cn("font-semibold", headingLooks[block.level - 1])}>
          <Spans of={block.content} />
        </h3>
      );
    case "code":
      return <Code language={block.language} text={block.text} />;
    case "quote":
      return (
        <blockquote className="space-y-2 border-line-strong border-l-2 pl-3 text-fg-2">
          <Blocks of={block.blocks} />
        </blockquote>
      );
    case "list":
      return <List list={block} />;
    case "rule":
      return <hr className="border-line" />;
  }
}

function List({ list }: { list: Extract<Block, { kind: "list" }> }) {
  const { start } = list;
  const rows = list.items.map((item, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown as a whole, nothing in it moves
    <li key={at} className="space-y-1">
      <Blocks of={item} />
    </li>
  ));
  if (start === undefined) return <ul className="list-disc space-y-1 pl-6">{rows}</ul>;
  return (
    <ol start={start} className="list-decimal space-y-1 pl-8">
      {rows}
    </ol>
  );
}

function Code({ language, text }: { language: string; text: string }) {
  const { t } = useTranslation("common");
  return <CodeBlock name={language.slice(0, 40) || t("code")} text={text} />;
}

function Spans({ of }: { of: readonly Span[] }) {
  return of.map((span, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown as a whole, nothing in it moves
    <OneSpan key={at} span={span} />
  ));
}

function OneSpan({ span }: { span: Span }) {
  switch (span.kind) {
    case "text":
      return span.text;
    case "break":
      return <br />;
    case "code":
      return <code className="rounded-badge bg-surface-3 px-1 font-mono text-sm">{span.text}</code>;
    case "strong":
      return (
        <strong className="font-semibold">
          <Spans of={span.content} />
        </strong>
      );
    case "stress":
      return (
        <em>
          <Spans of={span.content} />
        </em>
      );
    case "link":
      if (isInSite(span.href)) {
        return (
          <AppLink href={span.href} className={linkLook}>
            <Spans of={span.content} />
          </AppLink>
        );
      }
      return (
        // The words of a link may say anything: where it leads is in the tooltip.
        <a
          href={span.href}
          title={span.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className={linkLook}
        >
          <Spans of={span.content} />
        </a>
      );
  }
}
