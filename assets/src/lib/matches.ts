// What a query matches of the names in a list: told by the view that searched, asked for by whatever draws a name.
import { getContext, setContext } from "svelte";
import type { Schema } from "@/api/types";

type Matches = (id: string) => Schema<"MarkedTexts"> | undefined;
const KEY = Symbol("matches");

/** Called while a component is made: below it, names show what of them matches. */
export const showMatches = (matches: Matches) => setContext(KEY, matches);

/** Called while a component is made; outside of a search nothing matches. */
export const matchesAround = (): Matches => getContext<Matches | undefined>(KEY) ?? (() => undefined);
