// Who is here: the account that is signed in, and what the server is.
import { get, onAnswer, post, Problem, remove, waitBefore } from "@/api/client";
import type { Account, Schema, Server } from "@/api/types";
import { saved } from "@/offline/saved.svelte";
import { plays } from "./plays";
import { forgetAll } from "./query.svelte";

/** Whose the things are that are kept on this device. */
const OWNER = "hexachord.owner";

type State = "starting" | "unclaimed" | "signed-out" | "signed-in";

class Session {
  state = $state<State>("starting");
  account = $state.raw<Account | null>(null);
  server = $state.raw<Server | null>(null);
  /** Nothing answers at the server's address. */
  unreachable = $state(false);
  /** The service that said last that it is away. */
  away = $state<string | null>(null);

  /** The server tells by itself which services are away; answers need not be guessed from. */
  #isTold = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Those that are away, as the server tells; `null`: it does not tell any more. */
  tellAway(services: readonly string[] | null): void {
    this.#isTold = services !== null;
    if (services) this.away = services[0] ?? null;
  }

  get isAdministrator(): boolean {
    return this.account?.role === "administrator";
  }

  async start(attempt = 0): Promise<void> {
    clearTimeout(this.#timer);
    onAnswer((problem) => this.#answered(problem));
    try {
      const [server, account] = await Promise.all([get<Server>("/server"), who()]);
      this.server = server;
      if (account) return await this.#is(account);
      this.account = null;
      this.state = server.claimed ? "signed-out" : "unclaimed";
    } catch {
      // The page draws itself, says that the server is away, and tries again.
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.start(attempt + 1), waitBefore(attempt));
    }
  }

  /** The network is back: nobody waits for the next try. */
  retry(): void {
    if (this.state === "starting") void this.start();
  }

  async signIn(username: string, password: string): Promise<void> {
    const signed = await post<Schema<"SignedInBody">>("/session", { username, password });
    await this.entered(signed.account);
  }

  /** Nothing of the listener before is left on the device for another one, also after a session that ended unseen. */
  async #is(account: Account): Promise<void> {
    if (localStorage.getItem(OWNER) !== account.id) {
      forgetAll();
      await saved.forgetAll();
      localStorage.setItem(OWNER, account.id);
    }
    this.account = account;
    this.state = "signed-in";
  }

  /** Someone signed in, claimed the server, or registered. */
  async entered(account: Account): Promise<void> {
    await this.#is(account);
    if (this.server && !this.server.claimed) this.server = { ...this.server, claimed: true };
  }

  async signOut(): Promise<void> {
    await plays.finish();
    await remove("/session");
    this.account = null;
    this.state = "signed-out";
    forgetAll();
    localStorage.removeItem(OWNER);
    await saved.forgetAll();
  }

  #answered(problem: Problem | null): void {
    if (!problem) {
      this.unreachable = false;
      if (this.away && !this.#isTold) this.away = null;
    } else if (problem.status === 0) this.unreachable = true;
    else if (problem.status === 503 && !this.#isTold) this.away = problem.service;
    // The account stays known: what plays goes on, and the same listener finds the page as it was.
    else if (problem.status === 401 && this.state === "signed-in" && problem.kind !== "wrong-password") this.state = "signed-out";
  }
}

/** The account that is signed in; `null`: nobody is. */
async function who(): Promise<Account | null> {
  try {
    return await get<Account>("/me");
  } catch (error) {
    if (!(error instanceof Problem) || error.passes) throw error;
    return null;
  }
}

export const session = new Session();
