// Orders of lists: shuffled so that an artist does not follow himself, moved, restored; and of tracks on their album.
import type { Track } from "@/api/types";

export type Random = () => number;

/** Each artist's items stand about evenly over the whole list, at a random place to begin with. */
export function spread<T>(items: readonly T[], artistOf: (item: T) => string, random: Random = Math.random): T[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const artist = artistOf(item);
    const group = groups.get(artist);
    if (group) group.push(item);
    else groups.set(artist, [item]);
  }
  const placed: { item: T; at: number }[] = [];
  for (const group of groups.values()) {
    const [step, offset] = [1 / group.length, random()];
    for (const [place, item] of shuffled(group, random).entries()) placed.push({ item, at: (place + offset * 0.8 + random() * 0.2) * step });
  }
  return placed.sort((one, other) => one.at - other.at).map(({ item }) => item);
}

export function shuffled<T>(items: readonly T[], random: Random = Math.random): T[] {
  const list = [...items];
  for (let place = list.length - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1));
    [list[place], list[other]] = [list[other] as T, list[place] as T];
  }
  return list;
}

/** The item at `from` stands at `to` afterwards. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const list = [...items];
  const [item] = list.splice(from, 1);
  if (item !== undefined) list.splice(to, 0, item);
  return list;
}

/** The items of `now` in the order of `before`; those that came since stay behind the one that they stand behind now. */
export function restored<T>(before: readonly T[], now: readonly T[]): T[] {
  const here = new Set(now);
  const known = new Set(before);
  const list = before.filter((item) => here.has(item));
  for (const [place, item] of now.entries()) {
    if (known.has(item)) continue;
    const behind = now[place - 1];
    list.splice(behind === undefined ? 0 : list.indexOf(behind) + 1, 0, item);
  }
  return list;
}

/** `now` with `gone` back in it, each behind what stood before it in `before`, as far as that is here. */
export function returned<T>(before: readonly T[], gone: readonly T[], now: readonly T[]): T[] {
  const here = new Set(now);
  const back = new Set(gone.filter((item) => !here.has(item)));
  const behind = new Map<T | undefined, T[]>();
  let last: T | undefined;
  for (const item of before) {
    if (here.has(item)) last = item;
    else if (back.has(item)) behind.set(last, [...(behind.get(last) ?? []), item]);
  }
  return [...(behind.get(undefined) ?? []), ...now.flatMap((item) => [item, ...(behind.get(item) ?? [])])];
}

/** Do two tracks stand one behind the other on their album, as far as it numbers them? */
export function followOnAlbum(one: Track, other: Track): boolean {
  if (one.album.id !== other.album.id) return false;
  if (one.track_number == null || other.track_number == null) return true;
  const isSameDisc = (one.disc_number ?? 1) === (other.disc_number ?? 1);
  return isSameDisc ? other.track_number === one.track_number + 1 : other.track_number === 1;
}
