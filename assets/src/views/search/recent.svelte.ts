// What was looked for lately, kept in this browser for each account.
import { session } from "@/stores/session.svelte";

const MOST = 8;

class Recent {
  #texts = $state.raw<readonly string[] | null>(null);
  #account = "";

  get texts(): readonly string[] {
    return this.#read();
  }

  add(text: string): void {
    const query = text.trim();
    if (query) this.#write([query, ...this.#read().filter((each) => each !== query)].slice(0, MOST));
  }

  remove(text: string): void {
    this.#write(this.#read().filter((each) => each !== text));
  }

  clear(): void {
    this.#write([]);
  }

  get #key(): string {
    return `hexachord.searches.${session.account?.id ?? ""}`;
  }

  #read(): readonly string[] {
    if (this.#texts && this.#account === this.#key) return this.#texts;
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
      return Array.isArray(stored) ? stored.filter((each): each is string => typeof each === "string") : [];
    } catch {
      return [];
    }
  }

  #write(texts: readonly string[]): void {
    this.#account = this.#key;
    this.#texts = texts;
    if (texts.length) localStorage.setItem(this.#key, JSON.stringify(texts));
    else localStorage.removeItem(this.#key);
  }
}

export const recent = new Recent();
