import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";

import { ApiProblem } from "@/api/problem";
import { Field } from "@/components/ui/field";
import { ConfirmDialog } from "./confirm-dialog";
import { ListInput } from "./list-input";
import { move } from "./move";
import { OrderedList } from "./ordered-list";
import { SecretInput } from "./secret-input";

function Addresses({ onChange }: { onChange: (value: string[]) => void }) {
  const [value, setValue] = useState(["10.0.0.1"]);
  return (
    <Field label="Addresses">
      <ListInput
        value={value}
        check={(item) => (/^[\d.]+$/.test(item) ? undefined : `${item} is no address`)}
        onChange={(next) => {
          setValue(next);
          onChange(next);
        }}
      />
    </Field>
  );
}

describe("a list of texts", () => {
  it("grows with Enter and shrinks with Backspace and by its buttons", async () => {
    const onChange = vi.fn();
    render(<Addresses onChange={onChange} />);
    await userEvent.type(screen.getByLabelText("Addresses"), "10.0.0.2{Enter}");
    expect(onChange).toHaveBeenLastCalledWith(["10.0.0.1", "10.0.0.2"]);
    await userEvent.click(screen.getByRole("button", { name: "Remove 10.0.0.1" }));
    expect(onChange).toHaveBeenLastCalledWith(["10.0.0.2"]);
    await userEvent.type(screen.getByLabelText("Addresses"), "{Backspace}");
    expect(onChange).toHaveBeenLastCalledWith([]);
  });

  it("takes many at once, up to the first that is wrong, and keeps that one to be mended", async () => {
    const onChange = vi.fn();
    render(<Addresses onChange={onChange} />);
    await userEvent.click(screen.getByLabelText("Addresses"));
    await userEvent.paste("10.0.0.2, 10.0.0.3\nhost 10.0.0.4");
    expect(onChange).toHaveBeenLastCalledWith(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    expect(screen.getByText("host is no address")).toBeInTheDocument();
    expect(screen.getByLabelText("Addresses")).toHaveValue("host");
  });

  it("holds nothing twice", async () => {
    const onChange = vi.fn();
    render(<Addresses onChange={onChange} />);
    await userEvent.type(screen.getByLabelText("Addresses"), "10.0.0.1{Enter}");
    expect(onChange).not.toHaveBeenCalled();
    expect(screen.getByText("10.0.0.1 is in the list already.")).toBeInTheDocument();
  });
});

function Groups({ fixed = false }: { fixed?: boolean }) {
  const [items, setItems] = useState(["pro", "standard", "spare"]);
  return (
    <OrderedList
      label="Groups"
      items={items}
      onChange={setItems}
      keyOf={(item) => item}
      nameOf={(item) => item}
      fixed={fixed}
    />
  );
}

const order = () =>
  within(screen.getByRole("list", { name: "Groups" }))
    .getAllByRole("listitem")
    .map((item) => item.textContent);

describe("an order", () => {
  it("is changed with buttons; the ends have nowhere to go", async () => {
    render(<Groups />);
    expect(screen.getByRole("button", { name: "Move pro up" })).toBeDisabled();
    expect(screen.getByRole("button", { name: "Move spare down" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Move spare up" }));
    expect(order()).toEqual(["1pro", "2spare", "3standard"]);
    await userEvent.click(screen.getByRole("button", { name: "Remove pro" }));
    expect(order()).toEqual(["1spare", "2standard"]);
  });

  it("is changed with Alt and the arrow keys, and the focus goes along", async () => {
    render(<Groups />);
    screen.getAllByRole("listitem")[0]?.focus();
    await userEvent.keyboard("{Alt>}{ArrowDown}{/Alt}");
    expect(order()).toEqual(["1standard", "2pro", "3spare"]);
    expect(screen.getAllByRole("listitem")[1]).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getAllByRole("listitem")[2]).toHaveFocus();
    await new Promise(requestAnimationFrame);
    expect(screen.getAllByRole("listitem")[2]).toHaveFocus();
  });

  it("may be all there is to change", () => {
    render(<Groups fixed />);
    expect(screen.queryByRole("button", { name: "Remove pro" })).not.toBeInTheDocument();
  });

  it.each([
    [0, 2, ["b", "c", "a"]],
    [2, 0, ["c", "a", "b"]],
    [1, 9, ["a", "c", "b"]],
    [7, 0, ["a", "b", "c"]],
  ])("moves %d to %d", (from, to, expected) => {
    expect(move(["a", "b", "c"], from, to)).toEqual(expected);
  });
});

describe("a secret", () => {
  it("is never shown, only replaced; giving up leaves it", async () => {
    const onChange = vi.fn();
    render(
      <Field label="Key">
        <SecretInput hint="9f3a" value={undefined} onChange={onChange} />
      </Field>,
    );
    expect(screen.getByText(/ends …9f3a/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Key" }));
    const input = screen.getByLabelText("Key");
    expect(input).toHaveValue("");
    await userEvent.type(input, "n");
    expect(onChange).toHaveBeenLastCalledWith("n");
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(onChange).toHaveBeenLastCalledWith(undefined);
    expect(screen.getByText(/ends …9f3a/)).toBeInTheDocument();
  });
});

describe("a deed that is hard to take back", () => {
  const dialog = (onConfirm: () => Promise<unknown>, onOpenChange = vi.fn()) => {
    render(
      <ConfirmDialog
        open
        onOpenChange={onOpenChange}
        title="Delete pro-1?"
        consequence="3 groups lose it."
        verb="Delete channel"
        typedName="pro-1"
        onConfirm={onConfirm}
      />,
    );
    return onOpenChange;
  };
  const button = () => screen.getByRole("button", { name: /^Delete channel/ });

  it("waits for the name, tells what will happen, and closes when it is done", async () => {
    const onConfirm = vi.fn(async () => undefined);
    const onOpenChange = dialog(onConfirm);
    expect(screen.getByRole("dialog")).toHaveAccessibleDescription("3 groups lose it.");
    await userEvent.click(button());
    expect(onConfirm).not.toHaveBeenCalled();
    await userEvent.type(screen.getByLabelText("Type pro-1 to confirm"), "pro-1");
    await userEvent.click(button());
    expect(onConfirm).toHaveBeenCalledOnce();
    expect(onOpenChange).toHaveBeenCalledWith(false);
  });

  it("that fails says why and stays open", async () => {
    const onOpenChange = dialog(() => Promise.reject(new ApiProblem({ code: "conflict" })));
    await userEvent.type(screen.getByLabelText("Type pro-1 to confirm"), "pro-1{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("This clashes with something");
    expect(onOpenChange).not.toHaveBeenCalled();
  });
});
