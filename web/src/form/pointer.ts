/** The name of a form's field for a JSON pointer: `/endpoints/0/base_url` is `endpoints.0.base_url`. */
export function pathOfPointer(pointer: string): string {
  return pointer
    .replace(/^#?\//, "")
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}
