// What keys do, and how a press is named: `Space`, `k`, `Shift+ArrowLeft`, `Ctrl+k`, `g h`.

export type Command =
  | "play" | "back" | "forward" | "previous" | "next" | "softer" | "louder" | "mute" | "favourite" | "shuffle" | "repeat"
  | "queue" | "lyrics" | "track" | "search" | "help" | "home" | "albums" | "artists" | "tracks" | "playlists";

export type Keys = Record<Command, readonly string[]>;

export const USUAL: Keys = {
  play: ["Space", "k"],
  back: ["ArrowLeft"],
  forward: ["ArrowRight"],
  previous: ["Shift+ArrowLeft"],
  next: ["Shift+ArrowRight"],
  softer: ["-"],
  louder: ["="],
  mute: ["m"],
  favourite: ["l"],
  shuffle: ["s"],
  repeat: ["r"],
  queue: ["q"],
  lyrics: ["y"],
  track: ["c"],
  search: ["/", "Ctrl+k"],
  help: ["?"],
  home: ["g h"],
  albums: ["g a"],
  artists: ["g r"],
  tracks: ["g t"],
  playlists: ["g p"],
};

/** What goes on while its key is held. */
export const HELD: ReadonlySet<Command> = new Set<Command>(["back", "forward", "softer", "louder"]);

type Press = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Unidentified", "Process"]);

/** The name of a press; `null` for modifiers alone, and for what belongs to the system. */
export function nameOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Press): string | null {
  if (MODIFIERS.has(key) || altKey) return null;
  const name = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
  // Of signs the shift is part of the sign.
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase() && key !== " ";
  const shift = shiftKey && !isSign ? "Shift+" : "";
  return (ctrlKey || metaKey ? "Ctrl+" : "") + shift + name;
}

/** The command of a press, given the press before it where that began a sequence. `"waits"`: a sequence begins. */
export function commandOf(keys: Keys, press: string, before: string | null): Command | "waits" | null {
  const all = Object.entries(keys) as [Command, readonly string[]][];
  const find = (wanted: string) => all.find(([, names]) => names.includes(wanted))?.[0];
  const found = (before && find(`${before} ${press}`)) || find(press);
  if (found) return found;
  return all.some(([, names]) => names.some((name) => name.startsWith(`${press} `))) ? "waits" : null;
}

/** The same keys with another one for a command; whoever had it loses it. */
export function rebound(keys: Keys, command: Command, press: string): Keys {
  const others = Object.entries(keys).map(([name, presses]) => [name, presses.filter((each) => each !== press)]);
  return { ...(Object.fromEntries(others) as Keys), [command]: [press] };
}
