// A station of internet radio as something that sounds beside the queue.
import type { Schema } from "@/api/types";
import { solo } from "@/stores/solo.svelte";

/** Plays it, or pauses it when it is the current one. */
export function toggleStation({ id, name }: Schema<"RadioStation">): void {
  solo.toggle({ id, title: name, href: "/stations", path: `/radio-stations/${encodeURIComponent(id)}/stream`, live: true });
}
