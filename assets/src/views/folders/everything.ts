// All tracks that lie in a folder and below it, in the order of the folders.
import { get } from "@/api/client";
import type { Schema, Track } from "@/api/types";

type Page = Schema<"FolderPage">;

/** At most `most` tracks; sub-folders come first, as they are shown. */
export async function everythingIn(folder: string, most: number, read = readPage): Promise<Track[]> {
  const found: Track[] = [];
  const walk = async (id: string): Promise<void> => {
    const own: Track[] = [];
    let cursor: string | null | undefined;
    do {
      const page: Page = await read(id, cursor);
      for (const item of page.items) {
        if (found.length >= most) return;
        if ("folder" in item) await walk(item.folder.id);
        else own.push(item.track);
      }
      cursor = page.next_cursor;
    } while (cursor && found.length + own.length < most);
    found.push(...own.slice(0, most - found.length));
  };
  await walk(folder);
  return found;
}

function readPage(folder: string, cursor: string | null | undefined): Promise<Page> {
  return get<Page>(`/folders/${encodeURIComponent(folder)}`, { query: { limit: 500, cursor } });
}
