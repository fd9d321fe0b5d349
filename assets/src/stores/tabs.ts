// One tab plays: whoever begins silences the others.

interface Message {
  plays: string;
}

/** Calls `silence` when another tab begins; what it returns tells the others that this one does. */
export function onlyHere(silence: () => void): () => void {
  if (typeof BroadcastChannel === "undefined") return () => {};
  const channel = new BroadcastChannel("hexachord.player");
  const me = String(Math.random());
  channel.addEventListener("message", ({ data }: MessageEvent<Message>) => data.plays !== me && silence());
  return () => channel.postMessage({ plays: me } satisfies Message);
}
