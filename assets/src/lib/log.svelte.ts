// The last lines of the server's log, and those that come.
import { get, Problem, waitBefore } from "@/api/client";
import type { Log, LogLine } from "@/api/types";

const SHOWN = 500;
const WAIT_MS = 10_000;

export class LogTail {
  lines = $state.raw<readonly LogLine[]>([]);
  skipped = $state(false);
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  #last: number | undefined;
  #abort = new AbortController();

  constructor(readonly level: LogLine["level"]) {}

  /** Reads what there is, then what comes while `follow` says so. */
  async run(follow: () => boolean): Promise<void> {
    const { signal } = this.#abort;
    for (let attempt = 0; !signal.aborted; ) {
      try {
        const first = this.#last === undefined;
        const query = first ? { level: this.level, limit: SHOWN } : { level: this.level, limit: SHOWN, after: this.#last, wait_ms: WAIT_MS };
        const log = await get<Log>("/admin/log", { query, signal });
        this.lines = [...this.lines, ...log.items].slice(-SHOWN);
        this.skipped ||= log.skipped && !first;
        this.#last = log.last;
        this.error = null;
        attempt = 0;
      } catch (error) {
        if (signal.aborted) return;
        this.error = error instanceof Problem ? error : new Problem(-1, String(error));
        if (!this.error.passes) return;
        await pause(waitBefore(attempt), signal);
        attempt += 1;
      } finally {
        this.loading = false;
      }
      while (!signal.aborted && !follow()) await pause(500, signal);
    }
  }

  close(): void {
    this.#abort.abort();
  }
}

/** Waits, unless one leaves before. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/** The fields of a line in one. */
export const fieldsOf = (line: Pick<LogLine, "fields">) => Object.entries(line.fields).map(([name, value]) => `${name}=${value}`).join(" ");
