// The commands of the keyboard with their names, in the order in which they are told.
import type { Key } from "@/i18n/index.svelte";
import type { Command } from "./keys";

interface Group {
  title: Key;
  commands: readonly { command: Command; label: Key }[];
}

export const groups: readonly Group[] = [
  {
    title: "keys.playing",
    commands: [
      { command: "play", label: "keys.play" },
      { command: "back", label: "keys.back" },
      { command: "forward", label: "keys.forward" },
      { command: "previous", label: "play.previous" },
      { command: "next", label: "play.next" },
      { command: "softer", label: "keys.softer" },
      { command: "louder", label: "keys.louder" },
      { command: "mute", label: "play.mute" },
      { command: "favourite", label: "favourite" },
      { command: "shuffle", label: "play.shuffle" },
      { command: "repeat", label: "play.repeat.all" },
      { command: "queue", label: "play.queue" },
      { command: "lyrics", label: "play.lyrics" },
    ],
  },
  {
    title: "keys.going",
    commands: [
      { command: "search", label: "keys.search" },
      { command: "track", label: "keys.playing.track" },
      { command: "home", label: "nav.home" },
      { command: "albums", label: "nav.albums" },
      { command: "artists", label: "nav.artists" },
      { command: "tracks", label: "nav.tracks" },
      { command: "playlists", label: "nav.playlists" },
      { command: "help", label: "keys.help" },
    ],
  },
];

/** What keys do in lists: always the same. */
export const inLists: readonly { keys: readonly string[]; label: Key }[] = [
  { keys: ["Enter"], label: "keys.row.play" },
  { keys: ["Shift+Enter"], label: "keys.row.next" },
  { keys: ["Ctrl+Enter"], label: "keys.row.queue" },
  { keys: ["Alt+ArrowUp", "Alt+ArrowDown"], label: "keys.row.move" },
  { keys: ["Delete"], label: "keys.row.remove" },
  { keys: ["Shift+F10"], label: "keys.row.menu" },
];
