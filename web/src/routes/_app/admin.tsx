import { createFileRoute, Outlet } from "@tanstack/react-router";

import { ApiProblem } from "@/api/problem";
import { may } from "@/session/session";

/** Every page of the admin's side lies below. The server refuses its data all the same. */
export const Route = createFileRoute("/_app/admin")({
  beforeLoad: ({ context }) => {
    if (!may(context.me, "operate")) throw new ApiProblem({ code: "forbidden" });
  },
  component: Outlet,
});
