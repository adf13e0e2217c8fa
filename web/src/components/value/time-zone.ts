import { createContext, useContext } from "react";

/** The zone times are told in: an IANA name, or `undefined` for the browser's. */
export const TimeZone = createContext<string | undefined>(undefined);

export const useTimeZone = () => useContext(TimeZone);
