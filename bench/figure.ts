/** One measured figure beside its floor, both of one run on one machine: only the ratio says something elsewhere. */
export type Figure = {
  readonly name: string;
  readonly size: number;
  /** What was counted: lines, items, messages, requests. */
  readonly unit: string;
  readonly seconds: number;
  readonly floor: { readonly what: string; readonly seconds: number } | null;
  /** `atMost`: time over the floor's time; `atLeast`: speed over the floor's speed, or per second when there is no floor. */
  readonly goal: { readonly kind: 'atMost' | 'atLeast'; readonly value: number } | null;
  /** Most memory this figure's process ever held, MiB; its own when it measured another one. */
  readonly rssMiB?: number;
  readonly rssGoalMiB?: number;
  readonly note?: string;
};

/** The middle value; of an even number the upper one. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

/** The value below which a share of the others lie. */
export function quantile(values: readonly number[], share: number): number {
  const found = values.toSorted((a, b) => a - b)[Math.min(Math.floor(values.length * share), values.length - 1)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

/** Seconds that work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Median seconds of several turns; short work is measured more than once. */
export async function timedTurns(turns: number, work: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) seconds.push(await timed(work));
  return median(seconds);
}

/** The figure's ratio as its goal counts it; null when there is nothing to compare with. */
export function ratioOf(figure: Figure): number | null {
  const { floor, goal, seconds, size } = figure;
  if (floor === null) return goal === null ? null : size / seconds;
  return goal?.kind === 'atLeast' ? floor.seconds / seconds : seconds / floor.seconds;
}

function isMet(figure: Figure): boolean | null {
  const ratio = ratioOf(figure);
  const memory = figure.rssGoalMiB === undefined ? null : (figure.rssMiB ?? 0) <= figure.rssGoalMiB;
  if (figure.goal === null || ratio === null) return memory;
  return memory !== false && (figure.goal.kind === 'atMost' ? ratio <= figure.goal.value : ratio >= figure.goal.value);
}

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2));

/** Figures as a table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = [['figure', 'n', 'unit', 'per second', 'seconds', 'floor', 'seconds', 'ratio', 'goal', 'MiB', '']];
  for (const figure of figures) {
    const ratio = ratioOf(figure);
    const met = isMet(figure);
    const goal = figure.goal === null ? '' : `${figure.goal.kind === 'atMost' ? '<=' : '>='} ${figure.goal.value}`;
    rows.push([
      figure.name, String(figure.size), figure.unit, short(figure.size / figure.seconds), short(figure.seconds), figure.floor?.what ?? '', figure.floor === null ? '' : short(figure.floor.seconds),
      ratio === null ? '' : short(ratio), goal, figure.rssMiB === undefined ? '' : `${figure.rssMiB}${figure.rssGoalMiB === undefined ? '' : ` of ${figure.rssGoalMiB}`}`,
      `${met === null ? '' : met ? 'ok' : 'MISSED'}${figure.note === undefined ? '' : ` ${figure.note}`}`,
    ]);
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

/** A figure as one line of JSON for programs. */
export const jsonLine = (figure: Figure): string => JSON.stringify({ ...figure, ratio: ratioOf(figure), met: isMet(figure) });

/** How the time grows from one size to the next: 1 is in proportion, 2 is twice as dear an item. */
export function growth(figures: readonly Figure[]): string[] {
  const lines: string[] = [];
  for (const [name, of] of Map.groupBy(figures, (figure) => figure.name)) {
    const ordered = of.toSorted((a, b) => a.size - b.size);
    for (const [index, figure] of ordered.entries()) {
      const before = ordered[index - 1];
      if (before === undefined || before.size === figure.size) continue;
      const factor = figure.seconds / before.seconds / (figure.size / before.size);
      lines.push(`${name}: from ${before.size} to ${figure.size} the time of one grows × ${factor.toFixed(2)}`);
    }
  }
  return lines;
}
