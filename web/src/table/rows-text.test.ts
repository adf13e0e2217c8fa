import { expect, it } from "vitest";

import { asMarkdown, asTsv } from "./rows-text";

interface Item {
  name: string;
  cost: string;
}
const columns = [
  { id: "name", header: "Name", text: (item: Item) => item.name },
  { id: "cost", header: "Cost", text: (item: Item) => item.cost },
];

it("tabs stand between cells, and no cell is a formula or has a second line", () => {
  const items = [
    { name: "=HYPERLINK(1)", cost: "-0.5" },
    { name: "two\nlines\tand a tab", cost: "+1" },
    { name: "@x", cost: "" },
  ];
  expect(asTsv(columns, items)).toBe(
    "Name\tCost\n'=HYPERLINK(1)\t-0.5\ntwo lines and a tab\t+1\n'@x\t",
  );
});

it("Markdown shows text as text", () => {
  expect(asMarkdown(columns, [{ name: "a|b <i>*x*</i>", cost: "1\n2" }])).toBe(
    "| Name | Cost |\n| --- | --- |\n| a\\|b \\<i\\>\\*x\\*\\</i\\> | 1 2 |",
  );
});
