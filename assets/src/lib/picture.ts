// Where a cover is: sizes are steps, so that a picture is fetched and kept once for many places.
import { address } from "@/api/client";
import type { Cover } from "@/api/types";

export type PictureKind = "tracks" | "albums" | "artists" | "podcasts";

export interface Pictured {
  id: string;
  cover?: Cover | null;
}

const STEPS = [64, 128, 256, 384, 640, 1024];

/** The address of something's picture for a place of `size` CSS pixels a side; null where there is none. */
export function pictureOf(kind: PictureKind, { id, cover }: Pictured, size: number): string | null {
  if (!cover) return null;
  const pixels = size * Math.min(2, globalThis.devicePixelRatio || 1);
  return address(`/${kind}/${encodeURIComponent(id)}/cover`, { size: STEPS.find((step) => step >= pixels) ?? 1024, v: cover.hash });
}
