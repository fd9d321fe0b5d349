// What this browser can play of what the server packs for it.
import type { Abilities } from "./format";

const FLAC = 'audio/mp4; codecs="flac"';
const OPUS = 'audio/mp4; codecs="opus"';

export type Media = MediaSource & { streaming?: boolean };

/** ManagedMediaSource where that is all there is (iPhones). */
export function mediaSourceKind(): (new () => Media) | undefined {
  const globals = globalThis as unknown as { MediaSource?: new () => Media; ManagedMediaSource?: new () => Media };
  return globals.MediaSource ?? globals.ManagedMediaSource;
}

export function abilitiesOf(): Abilities {
  const kind = mediaSourceKind() as unknown as typeof MediaSource | undefined;
  const has = (mime: string) => kind?.isTypeSupported?.(mime) ?? false;
  return { flac: has(FLAC), opus: has(OPUS) };
}

/** Tracks are joined without a gap. */
export const canJoin = ({ flac, opus }: Abilities) => flac || opus;
