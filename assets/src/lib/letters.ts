// The letters beside a long list: which of them are shown where there is no room for all.
export interface Letter {
  letter: string;
  /** Rows before the first of this letter. */
  skip: number;
}

/** At most `most` letters: those of the Latin alphabet first, of the others evenly spread ones; in the order of the list. */
export function thinned(letters: readonly Letter[], most: number): readonly Letter[] {
  if (letters.length <= most) return letters;
  const isLatin = ({ letter }: Letter) => /^[A-Z#]$/.test(letter);
  const latin = letters.filter(isLatin);
  if (latin.length >= most) return spread(latin, most);
  const kept = new Set([...latin, ...spread(letters.filter((each) => !isLatin(each)), most - latin.length)]);
  return letters.filter((each) => kept.has(each));
}

function spread<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, place) => items[Math.floor((place * items.length) / count)] as T);
}
