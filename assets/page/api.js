// Talking to the server: JSON in and out, problems as errors, patience while a service restarts.

import { say, sentence } from "./dom.js";

const DELAYS = [1, 2, 5, 10, 30];
let away = false;

/** Who is signed in. */
export const here = { me: null };

/** What the server (or the lack of one) said; `status` is 0 when nothing answered. */
export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(sentence(body.detail || body.title || `the server answered with status ${status}`));
    this.status = status;
    this.field = body.field;
    this.retryAfter = retryAfter;
  }
}

/** Sets off `signed-out`: the page asks for the password again, what plays goes on. */
export const signedOut = () => window.dispatchEvent(new Event("signed-out"));

/** A patient request is repeated for as long as the server is away; only one that may happen twice should be. */
export async function api(path, { method = "GET", body, signal, patient = method === "GET" } = {}) {
  const headers = body && { "Content-Type": "application/json" };
  const request = { method, headers, body: body && JSON.stringify(body), signal };
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(`/api/v1${path}`, request).catch((error) => {
      if (error.name === "AbortError") throw error;
    });
    if (response?.ok) {
      if (away) say("");
      away = false;
      const text = await response.text();
      return text ? JSON.parse(text) : null;
    }
    const problem = response
      ? new Problem(response.status, await response.json().catch(() => ({})), Number(response.headers.get("Retry-After")))
      : new Problem(0, { detail: "the server does not answer" });
    if (problem.status === 401 && method === "GET") signedOut();
    if (!patient || ![0, 503].includes(problem.status)) throw problem;
    const seconds = DELAYS[Math.min(attempt, DELAYS.length - 1)];
    away = true;
    say(`${problem.message} Trying again…`, 60_000);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    signal?.throwIfAborted();
  }
}
