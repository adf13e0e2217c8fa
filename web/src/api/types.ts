/** The one place pages take the shapes of the API from. */
export type * from "./contract";
