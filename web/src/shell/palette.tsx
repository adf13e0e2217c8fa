import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import {
  Copy,
  EyeOff,
  Keyboard,
  Languages,
  LogOut,
  Palette as PaletteIcon,
  Search,
} from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { SearchHit } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { Kbd } from "@/components/ui/kbd";
import { Layer } from "@/components/ui/layer";
import { Veil } from "@/components/ui/veil";
import { useCopy } from "@/components/use-copy";
import { languageNames, languages } from "@/i18n";
import { useSignOut } from "@/session/sign-out";
import { useBootstrap } from "@/session/use-me";
import { useLanguage, useSavedTheme } from "./appearance";
import type { NavEntry } from "./nav";
import { navIcons } from "./nav-icons";
import { togglePrivacy, usePrivacy } from "./privacy";
import { themes } from "./theme";
import { useNav } from "./use-nav";
import { useOpens } from "./use-opens";

/** Long enough to type a word. */
const shortestSearch = 2;

const searchQuery = (text: string) =>
  queryOptions({
    queryKey: ["search", text],
    queryFn: ({ signal }) => api.get("/api/search", { query: { q: text }, signal }),
    enabled: text.length >= shortestSearch,
    placeholderData: keepPreviousData,
  });

/** An id of a request, as logs and error messages give it. */
const requestId =
  /^(?:req_[\w-]{4,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

interface Props {
  onClose: () => void;
  onShortcuts: () => void;
}

/** Every page, object and command, a few letters away. */
export default function Palette({ onClose, onShortcuts }: Props) {
  const { t } = useTranslation("shell");
  const [text, setText] = useState("");
  const typed = text.trim();
  const query = useDeferredValue(typed);
  const found = useQuery(searchQuery(query));
  const go = useGo(onClose);
  const { all } = useNav();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Veil />
        <Layer
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[10vh] z-dialog mx-auto max-w-150 animate-rise overflow-hidden rounded-panel border border-line bg-surface shadow-floating outline-none"
        >
          <Dialog.Title className="sr-only">{t("palette.title")}</Dialog.Title>
          <Command label={t("palette.title")} loop>
            <div className="flex items-center gap-2 border-line border-b px-3">
              <Search aria-hidden="true" className="size-4 shrink-0 stroke-[1.5] text-fg-3" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder={t("palette.placeholder")}
                className="h-11 w-full bg-transparent text-base outline-none pointer-coarse:text-lg"
              />
              <Kbd keys="Esc" />
            </div>
            <Command.List className="max-h-[60vh] overflow-y-auto p-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-fg-3 [&_[cmdk-group-heading]]:text-xs">
              <Command.Empty className="px-2 py-6 text-center text-fg-2">
                {found.isFetching ? t("palette.searching") : t("palette.none")}
              </Command.Empty>
              {/* Not deferred: Enter may come right after the paste. */}
              {requestId.test(typed) && <RequestJump id={typed} onGo={go} />}
              <Found
                hits={query.length >= shortestSearch ? found.data?.items : undefined}
                onGo={go}
              />
              {found.isError && <Failed error={found.error} />}
              <Command.Group heading={t("palette.pages")}>
                {all.flatMap(({ entries }) =>
                  entries.map((entry) => <PageItem key={entry.path} entry={entry} onGo={go} />),
                )}
              </Command.Group>
              <Actions onClose={onClose} onShortcuts={onShortcuts} />
            </Command.List>
          </Command>
        </Layer>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type Go = (path: string) => void;

function useGo(onClose: () => void): Go {
  const navigate = useNavigate();
  return (path) => {
    onClose();
    void navigate({ to: path });
  };
}

interface ItemProps {
  value: string;
  icon: ReactNode;
  hint?: ReactNode;
  keywords?: string[];
  onSelect: () => void;
  children: ReactNode;
}

function Item({ icon, hint, children, ...rest }: ItemProps) {
  return (
    <Command.Item
      {...rest}
      className="flex min-h-9 cursor-default items-center gap-2.5 rounded-control px-2 aria-selected:bg-surface-2 pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.5] [&_svg]:text-fg-3"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {hint !== undefined && <span className="shrink-0 text-fg-3 text-xs">{hint}</span>}
    </Command.Item>
  );
}

function PageItem({ entry, onGo }: { entry: NavEntry; onGo: Go }) {
  const { t } = useTranslation("shell");
  const Icon = navIcons[entry.key];
  return (
    <Item
      value={`page ${t(`nav.${entry.key}`)} ${entry.path}`}
      keywords={t(`words.${entry.key}`).split(" ")}
      icon={<Icon aria-hidden="true" />}
      {...(entry.letter && { hint: <Kbd keys={`G ${entry.letter}`} /> })}
      onSelect={() => onGo(entry.path)}
    >
      {t(`nav.${entry.key}`)}
    </Item>
  );
}

/** What the server found; it alone knows what the reader may see. */
function Found({ hits, onGo }: { hits: SearchHit[] | undefined; onGo: Go }) {
  const { t } = useTranslation("shell");
  if (!hits || hits.length === 0) return null;
  return (
    <Command.Group heading={t("palette.found")} forceMount>
      {hits.map((hit) => (
        <Command.Item
          key={`${hit.kind} ${hit.id}`}
          forceMount
          value={`found ${hit.kind} ${hit.id}`}
          onSelect={() => onGo(hit.to)}
          className="flex min-h-9 cursor-default items-center gap-2.5 rounded-control px-2 aria-selected:bg-surface-2 pointer-coarse:min-h-11"
        >
          <span className="w-16 shrink-0 text-fg-3 text-xs">{t(`kinds.${hit.kind}`)}</span>
          <span data-raw="" data-private="" className="min-w-0 flex-1 truncate">
            {hit.label}
          </span>
          {hit.hint !== undefined && (
            <span data-raw="" data-private="" className="shrink-0 font-mono text-fg-3 text-xs">
              {hit.hint}
            </span>
          )}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

/** An id was pasted: the request is one key away, found or not. */
function RequestJump({ id, onGo }: { id: string; onGo: Go }) {
  const { t } = useTranslation("shell");
  const opens = useOpens();
  const part = encodeURIComponent(id);
  const to = [`/admin/requests/${part}`, `/usage?req=${part}`].find(opens);
  if (to === undefined) return null;
  return (
    <Item value={id} icon={<Search aria-hidden="true" />} onSelect={() => onGo(to)}>
      {t("palette.open_request", { id })}
    </Item>
  );
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation("shell");
  const words = useProblemText();
  return (
    <p role="alert" className="px-2 py-2 text-fg-2 text-sm">
      {t("palette.failed")}: {words(asProblem(error))}
    </p>
  );
}

function Actions({ onClose, onShortcuts }: Props) {
  const { t } = useTranslation("shell");
  const words = useProblemText();
  const [language, setLanguage] = useLanguage();
  const [theme, setTheme] = useSavedTheme();
  const isPrivate = usePrivacy();
  const { site_base_url } = useBootstrap();
  const { copy } = useCopy();
  const signOut = useSignOut();
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  const address = site_base_url ?? window.location.origin;
  const copyAddress = async () => {
    if (await copy(address)) toast.done(t("palette.base_url_copied"));
    else toast.failed(t("palette.base_url"), address);
  };
  return (
    <Command.Group heading={t("palette.actions")}>
      <Item
        value="copy base url"
        keywords={["base_url", "address", "dizhi", t("palette.copy_base_url")]}
        icon={<Copy aria-hidden="true" />}
        hint={<span data-raw="">{address}</span>}
        onSelect={run(() => void copyAddress())}
      >
        {t("palette.copy_base_url")}
      </Item>
      {languages
        .filter((one) => one !== language)
        .map((one) => (
          <Item
            key={one}
            value={`language ${one}`}
            keywords={["language", "yuyan", languageNames[one]]}
            icon={<Languages aria-hidden="true" />}
            onSelect={run(() => setLanguage(one))}
          >
            {t("palette.switch_language", { language: languageNames[one] })}
          </Item>
        ))}
      {themes
        .filter((one) => one !== theme)
        .map((one) => (
          <Item
            key={one}
            value={`theme ${one}`}
            keywords={["theme", "zhuti", "dark", "light", t(`theme_${one}`)]}
            icon={<PaletteIcon aria-hidden="true" />}
            onSelect={run(() => setTheme(one))}
          >
            {t("palette.switch_theme", { theme: t(`theme_${one}`) })}
          </Item>
        ))}
      <Item
        value="privacy mask"
        keywords={["hide", "blur", "screenshot", "yinsi", t("privacy")]}
        icon={<EyeOff aria-hidden="true" />}
        hint={<Kbd keys="Shift M" />}
        onSelect={run(togglePrivacy)}
      >
        {isPrivate ? t("privacy_off") : t("privacy")}
      </Item>
      <Item
        value="shortcuts"
        keywords={["keyboard", "kuaijiejian", t("palette.shortcuts")]}
        icon={<Keyboard aria-hidden="true" />}
        onSelect={run(onShortcuts)}
      >
        {t("palette.shortcuts")}
      </Item>
      <Item
        value="sign out"
        keywords={["logout", "log out", "tuichu", t("sign_out")]}
        icon={<LogOut aria-hidden="true" />}
        onSelect={run(() => void signOut().catch((error) => toast.failed(words(asProblem(error)))))}
      >
        {t("sign_out")}
      </Item>
    </Command.Group>
  );
}
