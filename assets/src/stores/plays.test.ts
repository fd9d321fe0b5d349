// @vitest-environment jsdom
// Plays: what was really heard is told, with its time, and kept until the server has it.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Account, Track } from "@/api/types";
import { Plays } from "./plays";
import { session } from "./session.svelte";

const track = { id: "tr-1", duration_ms: 200_000 } as Track;
let bodies: { id: string; listened_ms: number; started_at: string }[] = [];
let status = 201;
let now = 0;
const settle = () => new Promise((done) => setTimeout(done, 0));

beforeEach(() => {
  [bodies, status, now] = [[], 201, 1_000];
  localStorage.clear();
  session.account = { id: "ac-1" } as Account;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  vi.stubGlobal("fetch", (_: string, { body }: RequestInit) => {
    bodies.push(JSON.parse(String(body)));
    return Promise.resolve(status === 0 ? Promise.reject(new TypeError("away")) : new Response("{}", { status }));
  });
});

/** Listens for so many seconds of the clock. */
function listen(plays: Plays, from: number, to: number, speed = 1): void {
  for (let at = from + 1; at <= to; at += 1) {
    now += 1_000 / speed;
    plays.heard(at, speed);
  }
}

describe("what was heard", () => {
  it("is told after half a minute, every minute, at half and at the end; jumps are not heard", async () => {
    const plays = new Plays();
    plays.begin(track, "album:al-1", 0);
    listen(plays, 0, 29);
    expect(bodies).toEqual([]);
    listen(plays, 29, 62);
    await settle();
    expect(bodies.map(({ listened_ms }) => listened_ms)).toEqual([30_000, 60_000]);
    plays.moved(150);
    listen(plays, 150, 160);
    plays.finish();
    await settle();
    expect(bodies.at(-1)?.listened_ms).toBe(72_000);
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
  });

  it("is no more than the time that went by, and counts the music at another speed", () => {
    const plays = new Plays();
    plays.begin(track, "", 0);
    now += 1_000;
    plays.heard(40, 1);
    listen(plays, 40, 70, 2);
    plays.finish();
    expect(bodies.at(-1)?.listened_ms).toBe(31_000);
  });

  it("is not told of what was only passed by", () => {
    const plays = new Plays();
    plays.begin(track, "", 0);
    listen(plays, 0, 4);
    plays.finish();
    expect(bodies).toEqual([]);
  });
});

describe("the outbox", () => {
  it("keeps what could not be told over a restart, with its time, and only for its account", async () => {
    const plays = new Plays();
    status = 0;
    plays.begin(track, "", 0);
    listen(plays, 0, 20);
    plays.finish();
    await settle();
    const first = bodies[0];
    status = 201;
    bodies = [];
    const later = new Plays();
    session.account = { id: "ac-2" } as Account;
    later.send();
    expect(bodies).toEqual([]);
    session.account = { id: "ac-1" } as Account;
    later.send();
    await settle();
    expect(bodies).toEqual([first]);
    later.send();
    expect(bodies.length).toBe(1);
    expect(localStorage.length).toBe(0);
  });

  it("forgets what the server refuses for good", async () => {
    const plays = new Plays();
    status = 404;
    plays.begin(track, "", 0);
    listen(plays, 0, 20);
    plays.finish();
    await settle();
    plays.send();
    expect(bodies.length).toBe(1);
  });

  it("is shared by open tabs: none takes from it what another one could not tell", async () => {
    const [one, other] = [new Plays(), new Plays()];
    status = 0;
    for (const plays of [one, other]) {
      plays.begin(track, "", 0);
      listen(plays, 0, 20);
      await plays.finish();
    }
    status = 201;
    await other.send();
    expect(localStorage.length).toBe(1);
    bodies = [];
    await new Plays().send();
    expect([bodies.length, localStorage.length]).toEqual([1, 0]);
  });

  it("takes over what an older page kept, and is told to its end", async () => {
    const kept = Array.from({ length: 45 }, (_, place) => ({ account: "ac-1", id: `old-${place}`, track_id: "tr-1", started_at: "2026-01-01", listened_ms: 9_000, source: "" }));
    localStorage.setItem("hexachord.plays", JSON.stringify(kept));
    await new Plays().send();
    for (let turn = 0; turn < 5; turn += 1) await settle();
    expect([bodies.length, localStorage.length]).toEqual([45, 0]);
  });
});

describe("another listener", () => {
  it("is not told what the one before heard", async () => {
    const plays = new Plays();
    plays.begin(track, "", 0);
    listen(plays, 0, 20);
    session.account = { id: "ac-2" } as Account;
    await plays.finish();
    expect(bodies).toEqual([]);
    session.account = { id: "ac-1" } as Account;
    await plays.send();
    expect(bodies.map(({ listened_ms }) => listened_ms)).toEqual([20_000]);
  });
});
