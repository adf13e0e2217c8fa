import { useQuery } from "@tanstack/react-query";
import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { TicketView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { filled } from "./fill";
import { cannedQuery } from "./queries";

interface Props {
  ticket: TicketView;
  onInsert: (text: string) => void;
}

/** Puts a canned reply into what is written, with what it says of the ticket filled in. */
export function CannedMenu({ ticket, onInsert }: Props) {
  const { t } = useTranslation(["ticket_office", "common"]);
  const words = useProblemText();
  const { data, error } = useQuery(cannedQuery);
  const items = data?.items ?? [];
  const why = error ? words(asProblem(error)) : t("common:loading");
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button size="sm" icon={<MessagesSquare aria-hidden="true" />}>
          {t("ticket_office:canned.insert")}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent aria-label={t("ticket_office:canned.title")}>
        {items.length === 0 && (
          <DropdownMenuLabel>{data ? t("ticket_office:canned.none") : why}</DropdownMenuLabel>
        )}
        {items.map(({ name, body }) => (
          <DropdownMenuItem key={name} onSelect={() => onInsert(filled(body, ticket))}>
            <bdi data-raw="">{name}</bdi>
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
