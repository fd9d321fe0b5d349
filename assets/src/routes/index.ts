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
  /** It gets `params` and `query`, and takes of them what it needs. */
  load: () => Promise<{ default: Component<any> }>;
  /** Shown to whoever comes, signed in or not. */
  open?: boolean;
  /** For administrators alone. */
  admin?: boolean;
}

export const views: readonly View[] = [...listening, ...music, ...playback, ...own, ...admin];
