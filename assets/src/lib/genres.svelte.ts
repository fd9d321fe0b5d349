// All genres by name and id: tracks and albums name theirs, links need ids.
import { allPages } from "@/api/pages";
import type { Genre } from "@/api/types";
import { query } from "@/stores/query.svelte";

const MOST = 5_000;

interface Genres {
  /** `null` until they are here. */
  readonly all: readonly Genre[] | null;
  named(name: string): Genre | undefined;
  of(id: string): Genre | undefined;
}

/** The genres, for as long as the component lives. */
export function useGenres(): Genres {
  const asked = query<readonly Genre[]>(() => "/genres", () => ({ limit: 500 }), (path, { query: parameters }) => allPages<Genre>(path, parameters, MOST));
  const all = $derived(asked.current?.data ?? null);
  const byName = $derived(new Map(all?.map((genre) => [genre.name.toLocaleLowerCase(), genre])));
  return {
    get all() {
      return all;
    },
    named: (name) => byName.get(name.toLocaleLowerCase()),
    of: (id) => all?.find((genre) => genre.id === id),
  };
}
