import { createFileRoute } from "@tanstack/react-router";

import { RegisterPage } from "@/auth/register-page";
import { inviteSearch } from "@/invitations/code";

export const Route = createFileRoute("/_public/register")({
  validateSearch: inviteSearch,
  component: Register,
});

function Register() {
  // What is no code is left out of the search, yet still stands in the address.
  const { invite } = inviteSearch(Route.useSearch());
  return <RegisterPage invite={invite} />;
}
