import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import type { MadeOauthApp, OauthAppView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Choice } from "@/form/choice";
import { Form } from "@/form/form";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { oauthApps, refreshApps } from "./queries";

/** Seconds that the secret before stays good. */
const overlaps = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;
const choices = [
  "none",
  "hour",
  "day",
  "week",
] as const satisfies readonly (keyof typeof overlaps)[];

const schema = z.object({ overlap: z.enum(choices) });

interface Props {
  app: OauthAppView;
  onClose: () => void;
  onMade: (made: MadeOauthApp) => void;
}

/** Gives an app a new secret; the one before may stay good until the app has the new one. */
export default function RotateDialog(props: Props) {
  const { t } = useTranslation("oauth_apps");
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <DialogContent
        title={t("rotate.title", { name: props.app.name })}
        description={t("rotate.text")}
      >
        <RotateForm {...props} />
      </DialogContent>
    </Dialog>
  );
}

function RotateForm({ app, onClose, onMade }: Props) {
  const { t } = useTranslation(["oauth_apps", "common"]);
  const queries = useQueryClient();
  const known = useReauthenticated();
  const form = useForm(schema, { overlap: "day" as (typeof choices)[number] });
  const overlap = form.watch("overlap");
  return (
    <Form
      form={form}
      onSubmit={async (values) => {
        try {
          const made = await known(() => oauthApps.rotateSecret(app.id, overlaps[values.overlap]));
          onClose();
          onMade(made);
        } catch (error) {
          if (error instanceof GivenUp) return;
          throw error;
        }
        await refreshApps(queries);
      }}
    >
      <Choice
        name="overlap"
        label={t("oauth_apps:rotate.overlap")}
        options={choices.map((value) => ({ value, label: t(`oauth_apps:rotate.for.${value}`) }))}
        help={t(`oauth_apps:rotate.${overlap === "none" ? "at_once" : "later"}`)}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose asChild>
          <Button>{t("common:cancel")}</Button>
        </DialogClose>
        <SubmitButton variant={overlap === "none" ? "danger" : "primary"}>
          {t("oauth_apps:rotate.verb")}
        </SubmitButton>
      </div>
    </Form>
  );
}
