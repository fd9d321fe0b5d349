// Every address of the page with its view. A view is loaded when it is first shown.
import type { Component } from "svelte";
import { admin } from "./admin";
import { listening } from "./listening";
import { music } from "./music";
import { own } from "./own";
import { playback } from "./playback";

export interface View {
  name: string;
  path: string;
  load: () => Promise<{ default: Component<{ params: Record<string, string>; query: URLSearchParams }> }>;
  /** Shown to whoever comes, signed in or not. */
  open?: boolean;
  /** For administrators alone. */
  admin?: boolean;
}

export const views: readonly View[] = [...listening, ...music, ...playback, ...own, ...admin];
