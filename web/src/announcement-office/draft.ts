/** An announcement as a form holds it and as the server takes it. */

import { ApiProblem } from "@/api/problem";
import type {
  AdminAnnouncementView,
  AnnouncementDraft,
  AnnouncementSeverity,
  AnnouncementText,
  AnnouncementTexts,
} from "@/api/types";
import { instantOf, wallOf } from "@/filter/zone-time";

export const audiences = ["everyone", "groups"] as const;
export const starts = ["draft", "now", "at"] as const;
export const ends = ["never", "at"] as const;

export interface FormDraft {
  severity: AnnouncementSeverity;
  pinned: boolean;
  must_acknowledge: boolean;
  audience: (typeof audiences)[number];
  user_groups: string[];
  /** An empty language is none. */
  texts: Required<AnnouncementTexts>;
  start: (typeof starts)[number];
  /** Day and time as the clock of the reader shows it. */
  publish_at: string;
  end: (typeof ends)[number];
  expires_at: string;
}

const noText: AnnouncementText = { title: "", body: "" };

/** As a time, that at which the server is told: the clock of a browser may be wrong. */
export const now = "now";

/** What the form begins with. Of a new one, nothing that would reach anybody. */
export function formDraftOf(view: AdminAnnouncementView | undefined, zone?: string): FormDraft {
  const { user_groups = [], publish_at, expires_at } = view ?? {};
  return {
    severity: view?.severity ?? "info",
    pinned: view?.pinned ?? false,
    must_acknowledge: view?.must_acknowledge ?? false,
    audience: user_groups.length > 0 ? "groups" : "everyone",
    user_groups: user_groups.toSorted(),
    texts: { en: view?.texts.en ?? noText, zh: view?.texts.zh ?? noText },
    start: publish_at === undefined ? "draft" : "at",
    publish_at: publish_at === undefined ? "" : wallOf(publish_at, zone),
    end: expires_at === undefined ? "never" : "at",
    expires_at: expires_at === undefined ? "" : wallOf(expires_at, zone),
  };
}

/** The instant that was typed. A time nobody touched keeps its seconds, which a field does not show. */
function momentOf(wall: string, before: string | undefined, zone?: string): string | undefined {
  if (before !== undefined && wallOf(before, zone) === wall) return before;
  return instantOf(wall, zone);
}

/** What the server is sent. */
export function draftOf(
  values: FormDraft,
  before: AdminAnnouncementView | undefined,
  zone?: string,
): AnnouncementDraft {
  const { severity, pinned, must_acknowledge, texts } = values;
  const publish_at = {
    draft: undefined,
    now,
    at: momentOf(values.publish_at, before?.publish_at, zone),
  }[values.start];
  const expires_at =
    values.end === "at" ? momentOf(values.expires_at, before?.expires_at, zone) : undefined;
  return {
    severity,
    pinned,
    must_acknowledge,
    user_groups: values.audience === "groups" ? values.user_groups : [],
    texts: {
      ...(texts.en.title !== "" && { en: texts.en }),
      ...(texts.zh.title !== "" && { zh: texts.zh }),
    },
    ...(publish_at !== undefined && { publish_at }),
    ...(expires_at !== undefined && { expires_at }),
  };
}

/** An announcement as it is, to be sent back with something of it changed. */
export function sameAs(view: AdminAnnouncementView): AnnouncementDraft {
  const { severity, pinned, must_acknowledge, user_groups, texts, publish_at, expires_at } = view;
  return {
    severity,
    pinned,
    must_acknowledge,
    user_groups,
    texts,
    ...(publish_at !== undefined && { publish_at }),
    ...(expires_at !== undefined && { expires_at }),
  };
}

/** The same again, as a draft: when it is published is decided anew. */
export function copyOf(view: AdminAnnouncementView): AnnouncementDraft {
  const { publish_at: _, expires_at: __, ...rest } = sameAs(view);
  return rest;
}

/** The problem with its mistakes at the fields of the form: the groups are one field. */
export function atFields(problem: ApiProblem): ApiProblem {
  const fields = problem.fields.map((mistake) =>
    mistake.pointer.startsWith("/user_groups/") ? { ...mistake, pointer: "/user_groups" } : mistake,
  );
  return new ApiProblem({ ...problem, fields });
}
