// Waveforms as bars: how many fit, how high each is, and how they are drawn.

const BAR = 3;
const GAP = 1;
/** Silence is seen too. */
const LEAST = 0.06;

/** The loudest peak of each of `count` equally long pieces, 0 to 1, as the ear counts. */
export function bars(peaks: readonly number[], count: number): number[] {
  const most = Math.max(1, ...peaks);
  return Array.from({ length: count }, (_, place) => {
    const from = Math.floor((place * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((place + 1) * peaks.length) / count));
    const peak = Math.max(0, ...peaks.slice(from, to));
    return LEAST + (1 - LEAST) * (peak / most) ** 1.5;
  });
}

export const fitting = (width: number) => Math.max(1, Math.floor((width + GAP) / (BAR + GAP)));

export interface Look {
  played: string;
  ahead: string;
  /** Under the pointer. */
  hint: string;
}

/** Draws bars: what was played, what is ahead, and what a press would lead to. `done` and `aim` are parts of the whole. */
export function draw(context: CanvasRenderingContext2D, heights: readonly number[], width: number, height: number, done: number, aim: number | null, look: Look): void {
  context.clearRect(0, 0, width, height);
  const step = width / heights.length;
  for (const [place, part] of heights.entries()) {
    const [begin, end] = [place / heights.length, (place + 1) / heights.length];
    const tall = Math.max(2, part * height);
    const [x, y, wide] = [place * step, (height - tall) / 2, Math.max(1, step - GAP)];
    const isAimed = aim !== null && begin >= Math.min(aim, done) && begin < Math.max(aim, done);
    context.fillStyle = isAimed ? look.hint : begin < done ? look.played : look.ahead;
    fill(context, x, y, wide, tall);
    if (!isAimed && begin < done && end > done) {
      context.fillStyle = look.ahead;
      const from = (done - begin) * heights.length * wide;
      fill(context, x + from, y, wide - from, tall);
    }
  }
}

function fill(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(1.5, width / 2));
  context.fill();
}
