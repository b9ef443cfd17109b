/** Most tries to make a failing input smaller; each reads it once. */
const TRIES_MAX = 400;
/** Processor time spent on it: an input that is slow to read is slow to make smaller. */
const SECONDS_MAX = 15;

/** The smallest input found that still fails, by leaving out halves, quarters, eighths… of what is there. */
export async function shrink(bytes: Buffer, fails: (candidate: Buffer) => Promise<boolean>): Promise<Buffer> {
  let smallest = bytes;
  let tries = 0;
  const started = process.cpuUsage();
  const isOver = (): boolean => {
    const { user, system } = process.cpuUsage(started);
    return tries >= TRIES_MAX || user + system > SECONDS_MAX * 1_000_000;
  };
  for (let piece = Math.ceil(bytes.length / 2); piece >= 1 && !isOver(); piece = piece === 1 ? 0 : Math.ceil(piece / 2)) {
    for (let at = 0; at < smallest.length && !isOver();) {
      const candidate = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + piece)]);
      tries += 1;
      if (await fails(candidate)) smallest = candidate;
      else at += piece;
    }
  }
  return smallest;
}
