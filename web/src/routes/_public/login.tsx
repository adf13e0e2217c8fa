import { createFileRoute } from "@tanstack/react-router";

import { LoginPage } from "@/auth/login-page";

interface Search {
  /** A path of this site to go to afterwards. */
  return_to?: string;
  /** Why one is here: see the texts of `auth:reasons`. */
  error?: string;
  /** Another site vouched for one, and the second step is still to come. */
  second_factor?: 1;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export const Route = createFileRoute("/_public/login")({
  validateSearch: (search): Search => {
    const returnTo = text(search.return_to);
    const error = text(search.error);
    return {
      ...(returnTo !== undefined && { return_to: returnTo }),
      ...(error !== undefined && { error }),
      ...(Number(search.second_factor) === 1 && { second_factor: 1 as const }),
    };
  },
  component: Login,
});

function Login() {
  const { return_to, error, second_factor } = Route.useSearch();
  return <LoginPage returnTo={return_to} error={error} secondFactor={second_factor === 1} />;
}
