// Ways into the page from outside: where to go after signing in, and the links of older pages.

/** A place of this page that may be gone to after signing in; anything else leads home. */
export function safePlace(wanted: string | null, origin = location.origin): string {
  if (!wanted?.startsWith("/") || /^\/[/\\]/.test(wanted)) return "/";
  try {
    const url = new URL(wanted, origin);
    if (url.origin !== origin || /^\/(login|register|invite|setup)(\/|$)/.test(url.pathname)) return "/";
    return url.pathname + url.search + url.hash;
  } catch {
    return "/";
  }
}

const MOVED: Record<string, string> = {
  account: "/me", album: "/albums", artist: "/artists", "for-you": "/", keys: "/me/apps", playlist: "/playlists",
};

/**
 * Where an address of the form `/#…` leads: the claim link that the server prints, invites, and views of the page before
 * this one. `null`: it is none of these. Codes stay behind a `#`, so that no log has them.
 */
export function placeOfHash(hash: string): string | null {
  const [, kind, code] = /^#(claim|invite)=(.+)$/.exec(hash) ?? [];
  if (kind === "claim") return `/setup#claim=${code}`;
  if (kind === "invite" && code) return `/invite#${code}`;
  if (hash === "#register") return "/register";
  const [, view, rest = ""] = /^#\/([\w-]+)(.*)$/.exec(hash) ?? [];
  if (!view) return null;
  return (Object.hasOwn(MOVED, view) ? MOVED[view] : `/${view}`) + rest;
}

/** The code of `/invite#…`. */
export const inviteCode = (hash: string): string => decoded(hash.replace(/^#/, ""));

/** The code of `#claim=…`. */
export function claimCode(hash: string): string {
  const [, code = ""] = /^#claim=(.+)$/.exec(hash) ?? [];
  return decoded(code);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Takes up such a link before the page draws itself. */
export function followOldLink(): void {
  const place = location.pathname === "/" ? placeOfHash(location.hash) : null;
  if (place) history.replaceState(history.state, "", place);
}
