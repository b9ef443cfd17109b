import { open } from 'node:fs/promises';
import { simulateCompany } from '#sim/company.ts';
import { toFec } from '#sim/fec.ts';
import { TODAY } from './data.ts';

// node bench/write-books.ts FILE LINES: the books of a simulated company with about so many lines. Apart from the figure's own
// process, whose memory is measured.

/** Lines of a simulated company's FEC by customer over the days below. */
const LINES_PER_CUSTOMER = 97;
const DAYS = 548;

const [path = '', lines = ''] = process.argv.slice(2);
const company = simulateCompany({ seed: 5, customers: Math.max(1, Math.round(Number(lines) / LINES_PER_CUSTOMER)), days: DAYS, until: TODAY });
const file = await open(path, 'w');
let count = 0;
try {
  for (const piece of toFec(company)) {
    count += piece.split('\n').length - 1;
    await file.writeFile(piece);
  }
} finally {
  await file.close();
}
process.stdout.write(String(count - 1));
