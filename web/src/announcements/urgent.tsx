import type { AnnouncementView } from "@/api/types";
import { UrgentBar } from "./urgent-bar";
import { UrgentDialog } from "./urgent-dialog";

/** What must not be missed: a question to be answered, or a line to be put away. */
export default function Urgent({ announcement }: { announcement: AnnouncementView }) {
  const { id, must_acknowledge } = announcement;
  return must_acknowledge ? (
    <UrgentDialog key={id} announcement={announcement} />
  ) : (
    <UrgentBar key={id} announcement={announcement} />
  );
}
