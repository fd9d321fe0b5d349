// Shapes of the newer administrative calls, until the snapshot has them: libraries, folders of the server, the log, statistics.

export interface LibraryDetail {
  id: string;
  name: string;
  path: string;
  track_count: number;
  source?: "configuration" | "added" | "demo";
  watched?: "watch" | "poll" | "off";
  last_scan_at?: string | null;
  trouble?: string | null;
  trouble_since?: string | null;
}

export interface ServerFolders {
  path?: string | null;
  parent?: string | null;
  audio_files?: number | null;
  folders: { name: string; path: string; readable: boolean; audio_files?: number | null }[];
  truncated: boolean;
}

export interface LogLine {
  sequence: number;
  time: string;
  level: "error" | "warn" | "info" | "debug" | "trace";
  target: string;
  message: string;
  fields: Record<string, string>;
  request_id?: string | null;
}

export interface Log {
  items: LogLine[];
  last: number;
  skipped: boolean;
}

interface Listened {
  plays: number;
  listened_ms: number;
}

export interface Statistics extends Listened {
  tracks: number;
  albums: number;
  artists: number;
  /** Every day of the time, also those without plays. */
  days: (Listened & { day: string })[];
  /** Hours of the week in which something was heard; `weekday` 1 is Monday. */
  hours: (Listened & { weekday: number; hour: number })[];
}
