import { Link } from "@tanstack/react-router";

import { linkLook } from "@/connect/app-link";
import { useMe } from "@/session/use-me";

/** The name of a channel group, and the way to its page where there is one. */
export function ChannelGroupName({ name }: { name: string }) {
  const { features } = useMe();
  if (!features.admin_channel_groups) return <bdi data-raw="">{name}</bdi>;
  return (
    <Link
      to="/admin/channel-groups/$name"
      params={{ name }}
      data-raw=""
      className={`[overflow-wrap:anywhere] ${linkLook}`}
    >
      {name}
    </Link>
  );
}

/** The name of a user, and the way to their page. */
export function UserName({ name }: { name: string }) {
  return (
    <Link
      to="/admin/users/$name"
      params={{ name }}
      data-raw=""
      className={`[overflow-wrap:anywhere] ${linkLook}`}
    >
      {name}
    </Link>
  );
}
