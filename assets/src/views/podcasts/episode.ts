// The episode that sounds. Episodes are no tracks of the queue: they play beside it, and go on where one left them.
import type { Schema } from "@/api/types";
import { solo } from "@/stores/solo.svelte";
import { keepPlace, placeOf } from "./places";

export type Episode = Schema<"Episode">;

/** So near to the end it counts as heard. */
const HEARD_S = 15;

/** Plays it, or pauses and goes on when it is the current one. */
export function toggleEpisode(episode: Episode): void {
  const { id, title, podcast, duration_ms } = episode;
  solo.toggle({
    id,
    title,
    href: `/podcasts/${encodeURIComponent(podcast)}`,
    path: `/episodes/${encodeURIComponent(id)}/stream`,
    live: false,
    length: (duration_ms ?? 0) / 1000,
    from: placeOf(id),
    left: (position, length) => keepPlace(id, length > 0 && position > length - HEARD_S ? 0 : position),
  });
}
