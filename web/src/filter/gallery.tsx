import { FilterBar } from "./filter-bar";
import { galleryFacets, galleryFields, galleryPresets } from "./gallery-fixture";
import { useLocalListState } from "./list-state";

const hostile = `model:"<b>bold</b>","مفتاح שלום" key:${"x".repeat(200)} outcome!:ok,failed cost>0.1 stream:true unknown:value`;

/** The filter bar empty, and full of everything. Its words are not translated. */
export default function FilterGallery() {
  const empty = useLocalListState({ range: { last: "24h" } });
  const full = useLocalListState(
    { range: { last: "7d" } },
    { q: "two words", f: hostile, t: "2026-11-01T00:00:00.000Z~2026-11-08T12:00:00.000Z" },
  );
  const shared = { fields: galleryFields, facets: galleryFacets, presets: galleryPresets };
  return (
    <div className="space-y-8">
      <FilterBar state={empty} {...shared} />
      <FilterBar state={full} {...shared} />
      <FilterBar state={empty} fields={[]} />
    </div>
  );
}
