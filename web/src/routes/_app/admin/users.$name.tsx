import { createFileRoute, useParams } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { personQuery } from "@/users/queries";
import { UserPage } from "@/users/user-page";

export const Route = createFileRoute("/_app/admin/users/$name")({
  loader: ({ context: { queryClient }, params: { name } }) => {
    void queryClient.prefetchQuery(personQuery(name));
    return loadTexts("users", "auth", "limits");
  },
  component: OneUser,
});

function OneUser() {
  const { name } = useParams({ from: "/_app/admin/users/$name" });
  return <UserPage key={name} name={name} />;
}
