import { type ApiDocument, innerOf, type Member, membersOf, type Schema, typeOf } from "./document";

/** How deep fields are unfolded: a schema may name itself. */
const deepest = 5;

interface Props {
  document: ApiDocument;
  schema: Schema;
  /** What is read aloud in place of a mark. */
  requiredWord: string;
  depth?: number;
}

/** The fields of an object, each with what it is; objects inside can be opened. */
export function SchemaView({ document, schema, requiredWord, depth = 0 }: Props) {
  const inner = innerOf(document, schema);
  if (!inner) return <code className="font-mono text-sm">{typeOf(document, schema)}</code>;
  return (
    <dl className="flex flex-col border-line border-l pl-3 text-sm">
      {membersOf(document, inner).map((member) => (
        <MemberView key={member.name} {...{ document, requiredWord, depth, member }} />
      ))}
    </dl>
  );
}

function MemberView(props: Omit<Props, "schema"> & { member: Member }) {
  const { document, member, requiredWord, depth = 0 } = props;
  const canOpen = depth < deepest && innerOf(document, member.schema) !== undefined;
  return (
    <div className="py-1">
      <dt className="flex flex-wrap items-baseline gap-x-2">
        <code className="break-all font-medium font-mono">{member.name}</code>
        <code className="break-all font-mono text-fg-3 text-xs">
          {typeOf(document, member.schema)}
        </code>
        {member.required && <span className="text-fg-3 text-xs">{requiredWord}</span>}
      </dt>
      <dd lang="en" className="text-fg-2">
        {member.schema.description}
        {canOpen && (
          <details className="mt-1">
            <summary className="cursor-pointer rounded-control text-primary text-xs">
              <code>{typeOf(document, member.schema)}</code>
            </summary>
            <SchemaView
              document={document}
              schema={member.schema}
              requiredWord={requiredWord}
              depth={depth + 1}
            />
          </details>
        )}
      </dd>
    </div>
  );
}
