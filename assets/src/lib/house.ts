// What administrators want to know of lists: which invites are open, which services rest, who may hear what.
import type { Schema } from "@/api/types";

type Invite = Schema<"Invite">;
type Health = Schema<"ServiceHealth">;

export type InviteState = "open" | "used" | "expired";

export function stateOf(invite: Pick<Invite, "used_by" | "expires_at">, now = Date.now()): InviteState {
  if (invite.used_by) return "used";
  return new Date(invite.expires_at).getTime() <= now ? "expired" : "open";
}

export const openInvites = <T extends Pick<Invite, "used_by" | "expires_at">>(invites: readonly T[], now = Date.now()) =>
  invites.filter((invite) => stateOf(invite, now) === "open");

export const resting = <T extends Pick<Health, "state">>(services: readonly T[]) => services.filter((each) => each.state !== "running");

/** Several names in one field: `A; B`. */
export const namesIn = (text: string) => text.split(";").map((name) => name.trim()).filter(Boolean);
