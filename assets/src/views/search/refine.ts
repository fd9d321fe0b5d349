// A query as its pieces, as the server reads it: words, "quoted words" and fields like `genre:"Trip Hop"`.
// Facets are such fields: pressing one puts it into the query, pressing it again takes it out.

export interface Term {
  field: string;
  value: string;
}

/** The fields that facets are. */
export const FACETS = ["genre", "year", "format", "library"] as const;
/** Fields of which one can hold only one value: another one takes its place. */
const SINGLE = new Set(["year", "format", "library"]);
const PIECE = /-?(?:([a-z]+):)?(?:"([^"]*)"?|\S+)/gi;

interface Piece {
  text: string;
  term: Term | null;
}

function pieces(query: string): Piece[] {
  return [...query.matchAll(PIECE)].map((found) => {
    const [text, field, quoted] = found;
    if (!field || text.startsWith("-")) return { text, term: null };
    return { text, term: { field: field.toLowerCase(), value: quoted ?? text.slice(field.length + 1) } };
  });
}

const isSame = (one: Term, other: Term) => one.field === other.field && one.value.toLowerCase() === other.value.toLowerCase();

/** The values that the query names for these fields. */
export function terms(query: string, fields: readonly string[]): Term[] {
  return pieces(query).flatMap(({ term }) => (term && fields.includes(term.field) ? [term] : []));
}

export function has(query: string, wanted: Term): boolean {
  return pieces(query).some(({ term }) => term !== null && isSame(term, wanted));
}

/** The query with the field, or without it where it had it. */
export function toggled(query: string, wanted: Term): string {
  const without = has(query, wanted);
  const kept = pieces(query).filter(({ term }) => {
    if (!term || term.field !== wanted.field) return true;
    return without ? !isSame(term, wanted) : !SINGLE.has(wanted.field);
  });
  const texts = kept.map(({ text }) => text);
  if (!without) texts.push(written(wanted));
  return texts.join(" ");
}

/** A value stands in quotes unless it is one plain word; a quote inside cannot be said. */
function written({ field, value }: Term): string {
  const plain = value.replaceAll('"', " ").trim();
  return /^[\w.<>=]+$/.test(plain) && field !== "genre" && field !== "library" ? `${field}:${plain}` : `${field}:"${plain}"`;
}

/** The query without these fields. */
export function without(query: string, fields: readonly string[]): string {
  return pieces(query).flatMap(({ text, term }) => (term && fields.includes(term.field) ? [] : [text])).join(" ");
}
