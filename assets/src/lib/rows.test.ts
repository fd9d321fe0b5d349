// Long lists follow the server's: what changes in the middle of reading, what is away for a while.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { dropFlights } from "@/api/client";
import { WindowedRows } from "./rows.svelte";

const SIZE = 200;

/** Answers are held until they are released, in any order. */
class Server {
  revision = 1;
  total = 1_000;
  isAway = false;
  asked: number[] = [];
  held: { page: number; release: () => void }[] = [];
  holds = false;

  answer = (address: string) =>
    new Promise<Response>((resolve) => {
      const skip = Number(new URL(address, "http://host").searchParams.get("skip") ?? 0);
      this.asked.push(skip / SIZE);
      const items = Array.from({ length: SIZE }, (_, row) => `${skip + row}@${this.revision}`);
      const body = JSON.stringify(this.isAway ? { detail: "away" } : { items, total: this.total, revision: this.revision });
      const release = () => resolve(new Response(body, { status: this.isAway ? 503 : 200 }));
      if (this.holds) this.held.push({ page: skip / SIZE, release });
      else release();
    });
}

let server: Server;
beforeEach(() => {
  dropFlights();
  server = new Server();
  vi.stubGlobal("fetch", server.answer);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const opened = async () => {
  const rows = new WindowedRows<string>("/tracks");
  await vi.waitFor(() => expect(rows.at(0)).toBe("0@1"));
  return rows;
};

it("reads the rows in sight again when another page tells of a newer list", async () => {
  const rows = await opened();
  rows.want(190, 210);
  await vi.waitFor(() => expect(rows.at(200)).toBe("200@1"));
  server.revision = 2;
  rows.want(190, 410);
  await vi.waitFor(() => expect(rows.at(400)).toBe("400@2"));
  // They stay until the new ones are here.
  expect(rows.at(0)).toBeDefined();
  await vi.waitFor(() => expect([rows.at(0), rows.at(200)]).toEqual(["0@2", "200@2"]));
});

it("lets go an answer that is older than the newest list", async () => {
  const rows = await opened();
  server.holds = true;
  rows.want(200, 400);
  server.revision = 2;
  rows.want(400, 600);
  const [older, newer] = server.held;
  newer?.release();
  await vi.waitFor(() => expect(rows.at(400)).toBe("400@2"));
  server.holds = false;
  rows.want(200, 600);
  older?.release();
  await vi.waitFor(() => expect(rows.at(200)).toBe("200@2"));
});

it("reads no more than what is in sight when all is read anew", async () => {
  const rows = await opened();
  expect(await rows.take(0, 1_000)).toHaveLength(1_000);
  rows.want(0, 20);
  server.asked = [];
  server.revision = 2;
  rows.refresh();
  await vi.waitFor(() => expect(rows.at(0)).toBe("0@2"));
  expect(server.asked).toEqual([0]);
  rows.want(600, 620);
  await vi.waitFor(() => expect(rows.at(600)).toBe("600@2"));
});

it("takes rows of one state of the list", async () => {
  const rows = await opened();
  server.holds = true;
  const taken = rows.take(0, 600);
  await vi.waitFor(() => expect(server.held).toHaveLength(1));
  server.revision = 2;
  server.holds = false;
  server.held[0]?.release();
  const found = await taken;
  expect(found).toHaveLength(600);
  expect(new Set(found.map((item) => item.split("@")[1]))).toEqual(new Set(["2"]));
});

it("asks again by itself while a service is away, and at once when it is told to", async () => {
  vi.useFakeTimers();
  server.isAway = true;
  const rows = new WindowedRows<string>("/tracks");
  await vi.advanceTimersByTimeAsync(0);
  expect(rows.error?.passes).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.asked).toEqual([0, 0]);
  server.isAway = false;
  rows.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect([rows.at(0), rows.error]).toEqual(["0@1", null]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.asked).toHaveLength(3);
});

it("says why fewer came than there are, and reads on after the view was left", async () => {
  const rows = await opened();
  rows.close();
  server.isAway = true;
  expect(await rows.take(100, 500)).toHaveLength(100);
  expect(rows.error?.status).toBe(503);
  server.isAway = false;
  expect(await rows.take(100, 500)).toHaveLength(500);
  expect(rows.error).toBeNull();
});
