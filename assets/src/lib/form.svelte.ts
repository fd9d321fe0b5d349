// A form while it is sent: busy or not, what was wrong with which field, how long to wait after too many tries.
import { getContext, setContext } from "svelte";
import { Problem } from "@/api/client";

const KEY = Symbol("form");

export class FormState {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** Seconds until another try is worth it. */
  wait = $state(0);
  #fields = new Set<string>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** A field of this name shows its own problem. */
  register(name: string): () => void {
    this.#fields.add(name);
    return () => this.#fields.delete(name);
  }

  /** What is wrong with this field. The server begins with the name of the field, which its label tells better. */
  wrong(name: string): string | null {
    const { problem } = this;
    if (problem?.field !== name) return null;
    const { message } = problem;
    const isNamed = message.toLowerCase().startsWith(`${name}: `.toLowerCase());
    const words = isNamed ? message.slice(name.length + 2) : message;
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  /** What is wrong, and shown by no field. */
  get general(): string | null {
    const { problem } = this;
    if (!problem || (problem.field && this.#fields.has(problem.field))) return null;
    return problem.message;
  }

  /** Sends once; true when it went well. */
  async send(action: () => Promise<unknown>): Promise<boolean> {
    if (this.busy || this.wait > 0) return false;
    this.busy = true;
    this.problem = null;
    try {
      await action();
      return true;
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(-1, error instanceof Error ? error.message : String(error));
      if (this.problem.status === 429) this.#waitFor(this.problem.retryAfter ?? 1);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #waitFor(seconds: number): void {
    clearInterval(this.#timer);
    this.wait = Math.ceil(seconds);
    this.#timer = setInterval(() => {
      this.wait -= 1;
      if (this.wait <= 0) clearInterval(this.#timer);
    }, 1000);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

export const provideForm = (form: FormState) => setContext(KEY, form);
export const formAround = () => getContext<FormState | undefined>(KEY);
