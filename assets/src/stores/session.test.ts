// @vitest-environment jsdom
// Who is here: asked together with what the server is.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
// The first time takes long; no test is to wait for it.
import "./session.svelte";

let answers: Record<string, [status: number, body: unknown]>;
let asked: string[];
beforeEach(() => {
  asked = [];
  vi.resetModules();
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {}, removeItem: () => {} });
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    const [status, body] = answers[address] ?? [404, {}];
    return new Response(JSON.stringify(body), { status });
  });
});
afterEach(() => vi.unstubAllGlobals());

const begin = async () => (await import("./session.svelte")).session;

it("asks both at once", async () => {
  answers = { "/api/v1/server": [200, { claimed: true }], "/api/v1/me": [200, { id: "ac-1", role: "listener" }] };
  const session = await begin();
  const started = session.start();
  expect(asked).toEqual(["/api/v1/server", "/api/v1/me"]);
  await started;
  expect([session.state, session.account?.id, session.server?.claimed]).toEqual(["signed-in", "ac-1", true]);
});

it("knows a server that nobody has claimed from one where nobody is signed in", async () => {
  answers = { "/api/v1/server": [200, { claimed: false }], "/api/v1/me": [401, {}] };
  const unclaimed = await begin();
  await unclaimed.start();
  expect(unclaimed.state).toBe("unclaimed");
  answers["/api/v1/server"] = [200, { claimed: true }];
  await unclaimed.start();
  expect(unclaimed.state).toBe("signed-out");
});

it("asks again while a service is away, at once when the network is back", async () => {
  vi.useFakeTimers();
  answers = { "/api/v1/server": [200, { claimed: true }], "/api/v1/me": [503, {}] };
  const session = await begin();
  await session.start();
  expect(session.state).toBe("starting");
  answers["/api/v1/me"] = [200, { id: "ac-1" }];
  session.retry();
  await vi.waitFor(() => expect(session.state).toBe("signed-in"));
  const before = asked.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBe(before);
  vi.useRealTimers();
});
