import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Duration } from "@/components/value/duration";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { ShortId } from "@/components/value/short-id";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { Tokens } from "@/components/value/tokens";
import { OrderedList } from "@/form/ordered-list";
import { SaveBar } from "@/form/save-bar";

const amounts = ["1284.07", "0.0132", "0.00042", "0.0000000031", "0"];
const counts = [812, 12_437, 3_100_000];
const spans = [430, 812_000, 12_400_000, 185_000_000];
const moment = "2026-03-29T00:59:58Z";

export function Values() {
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-4">
      <ul className="text-right">
        {amounts.map((usd) => (
          <li key={usd}>
            <Money usd={usd} />
          </li>
        ))}
      </ul>
      <ul className="text-right">
        {counts.map((count) => (
          <li key={count}>
            <Tokens count={count} />
          </li>
        ))}
        <li>
          <Missing />
        </li>
      </ul>
      <ul className="text-right">
        {spans.map((us) => (
          <li key={us}>
            <Duration us={us} />
          </li>
        ))}
      </ul>
      <ul>
        <li>
          <Time time={moment} />
        </li>
        <li>
          <TimeAgo time={moment} />
        </li>
        <li>
          <ShortId id="01890a5d-ac96-774b-bcce-b302099a8057" copy />
        </li>
      </ul>
    </div>
  );
}

export function Lists() {
  const { t } = useTranslation("ui");
  const [groups, setGroups] = useState(["pro", "standard", "spare"]);
  const [timeout, setTimeout] = useState("10000");
  return (
    <div className="max-w-140 space-y-4">
      <OrderedList
        label={t("sample.order")}
        items={groups}
        onChange={setGroups}
        keyOf={(group) => group}
        nameOf={(group) => group}
      />
      <SaveBar
        unguarded
        changes={
          timeout === "30000"
            ? []
            : [{ label: t("sample.change"), before: "30000 ms", after: `${timeout} ms` }]
        }
        saving={false}
        onSave={() => setTimeout("30000")}
        onDiscard={() => setTimeout("30000")}
      />
    </div>
  );
}
