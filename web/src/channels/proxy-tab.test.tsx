import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { channel } from "./fixtures/channels";
import { channelHandlers, takeChanges } from "./fixtures/handlers";

type Seen = { body: unknown; ifMatch: string | null }[];

const shown = { proxy: "socks5h://***@p.example:1080" };
const stored = http.get("/api/admin/channels/pro-1", () =>
  HttpResponse.json(channel(shown), { headers: { etag: '"v1"' } }),
);

function open(path: string, seen: Seen) {
  return renderPage(path, {
    me: root(),
    handlers: [takeChanges(seen), stored, ...channelHandlers()],
  });
}

describe("the proxy of a channel", () => {
  it("keeps its login at its place, and wants it again for another", async () => {
    const seen: Seen = [];
    const { user } = open("/admin/channels/pro-1/routing", seen);
    const address = await screen.findByLabelText(/^Proxy/);
    expect(address).toHaveValue(shown.proxy);
    await user.clear(address);
    await user.paste("socks5h://***@other.example:1080");
    expect(screen.getAllByText(/Another place/)[0]).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(seen).toEqual([]);
    await user.type(screen.getByLabelText(/^Login of the proxy/), "ana:p@ss");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        proxy: "socks5h://ana:p%40ss@other.example:1080",
      }),
    );
  });

  it("is taken away by emptying it", async () => {
    const seen: Seen = [];
    const { user } = open("/admin/channels/pro-1/routing", seen);
    await user.clear(await screen.findByLabelText(/^Proxy/));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(seen[0]?.body).toEqual({ name: "pro-1", proxy: "" }));
  });
});

describe("the proxy of a credential", () => {
  it("is sent with the credential it is of", async () => {
    const seen: Seen = [];
    const { user } = open("/admin/channels/pro-1/credentials", seen);
    await user.type(await screen.findByLabelText(/^Proxy of k1/), "http://q.example:3128");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(seen).toHaveLength(1));
    const credentials =
      (seen[0]?.body as { credentials?: object[] } | undefined)?.credentials ?? [];
    expect(credentials[0]).toMatchObject({ name: "k1", proxy: "http://q.example:3128" });
    expect(credentials[1]).not.toHaveProperty("proxy");
  });
});
