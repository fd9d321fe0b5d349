// Why something was chosen, in the listener's language. The server says it in English too, for kinds that are new to this page.
import type { Mix, Reason } from "@/api/types";
import { t } from "@/i18n/index.svelte";

export function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case "because_you_played": return t("reason.played", { title: reason.title });
    case "played_together": return t("reason.together", { title: reason.title });
    case "artist": return t("reason.artist", { name: reason.name });
    case "genre": return t("reason.genre", { genre: reason.genre });
    case "decade": return t("reason.decade", { year: String(reason.decade) });
    case "new_in_library": return t("reason.new");
    default: return (reason as Reason).text;
  }
}

export function mixTitle({ theme }: Pick<Mix, "theme">): string {
  switch (theme.kind) {
    case "discoveries": return t("mix.discoveries");
    case "artist": return t("mix.artist", { name: theme.name });
    case "genre": return t("mix.genre", { genre: theme.genre });
    case "decade": return t("mix.decade", { year: String(theme.decade) });
    case "new_in_library": return t("mix.new");
    default: return (theme as Mix["theme"]).title;
  }
}
