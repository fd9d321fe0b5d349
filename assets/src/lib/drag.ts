// Tracks that are dragged from a list to somewhere: a playlist, the queue, another place of the same list.
import type { Track } from "@/api/types";

/** What a drag of tracks carries: their ids, as a JSON array. */
export const TRACKS = "application/x-hexachord-tracks";

export interface Dragged {
  /** All tracks, also those that a long list has not read yet. */
  tracks: () => Promise<readonly Track[]>;
  source: string;
  count: number;
  /** The list and the rows it comes from. */
  list: unknown;
  rows: readonly number[];
}

let dragged: Dragged | null = null;

/** What is dragged now, when tracks are. */
export const whatIsDragged = (): Dragged | null => dragged;

export const carriesTracks = (event: DragEvent): boolean => event.dataTransfer?.types.includes(TRACKS) ?? false;

/** Begins a drag; `label` is what one sees under the pointer. */
export function startDrag(event: DragEvent, what: Dragged, known: readonly Track[], label: string): void {
  const carried = event.dataTransfer;
  if (!carried) return;
  dragged = what;
  carried.effectAllowed = "copyMove";
  carried.setData(TRACKS, JSON.stringify(known.map((track) => track.id)));
  carried.setData("text/plain", known.map((track) => `${track.display_artist} – ${track.title}`).join("\n"));
  const image = document.createElement("div");
  image.className = "drag-image";
  image.textContent = label;
  document.body.append(image);
  carried.setDragImage(image, -12, -8);
  setTimeout(() => image.remove());
}

export function endDrag(): void {
  dragged = null;
}
