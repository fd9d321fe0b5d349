// The libraries as an administrator keeps them.
import { get, patch, post, Problem, remove, waitBefore } from "@/api/client";
import type { LibraryDetail } from "@/api/types";
import { forget } from "@/stores/query.svelte";

/** A name for a library, from the folder that it is. */
export function nameOf(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;
}

export class Libraries {
  items = $state.raw<readonly LibraryDetail[] | null>(null);
  error = $state.raw<Problem | null>(null);
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly demoOnly = $derived(this.items !== null && this.items.length > 0 && this.items.every((each) => each.source === "demo"));
  readonly tracks = $derived((this.items ?? []).reduce((sum, each) => sum + each.track_count, 0));

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.items = (await get<{ items: LibraryDetail[] }>("/admin/libraries")).items;
      this.error = null;
      this.#attempt = 0;
    } catch (error) {
      this.error = error instanceof Problem ? error : new Problem(-1, String(error));
      if (this.error.passes) this.#timer = setTimeout(() => void this.load(), waitBefore(this.#attempt++, this.error.retryAfter));
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async add(name: string, path: string): Promise<void> {
    await post("/admin/libraries", { name, path });
    await this.#changed();
  }

  async rename(id: string, name: string): Promise<void> {
    await patch(`/admin/libraries/${encodeURIComponent(id)}`, { name });
    await this.#changed();
  }

  async remove(id: string): Promise<void> {
    await remove(`/admin/libraries/${encodeURIComponent(id)}`);
    await this.#changed();
  }

  async #changed(): Promise<void> {
    forget("/libraries");
    await this.load();
  }
}
