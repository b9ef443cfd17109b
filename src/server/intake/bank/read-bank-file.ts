import type { BankFormat, BankSummary } from '#core/intake/bank/bank-line.ts';
import { readBankTextFile } from '../read-bank-text.ts';
import { readCamtFile } from '../read-camt.ts';
import type { Progress } from '../read-text.ts';
import type { BankStage } from './stage-bank.ts';

/** Reads a bank file of any format into the stage. */
export async function readBankFile(of: { path: string; format: BankFormat; sink: BankStage; progress?: Progress }): Promise<BankSummary> {
  const { path, format, sink, progress } = of;
  switch (format) {
    case 'camt052':
    case 'camt053':
    case 'camt054':
      return readCamtFile(path, sink, progress);
    case 'cfonb120':
    case 'cfonb240':
    case 'mt940':
    case 'ofx':
      return readBankTextFile({ path, format, sink, ...(progress === undefined ? {} : { progress }) });
    case 'table':
      throw new Error('a table is read with its mapping');
  }
}
