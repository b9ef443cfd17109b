import { ageingMeasure } from './ageing.ts';
import { backupMeasure } from './backup.ts';
import { decideMeasure } from './decide.ts';
import { eventMeasure } from './event.ts';
import { importMeasure } from './import.ts';
import { memoryMeasure } from './memory.ts';
import type { Measure } from './measure.ts';
import { nightlyMeasure } from './nightly.ts';
import { pageMeasure } from './page.ts';
import { previewMeasure } from './preview.ts';
import { replayMeasure } from './replay.ts';
import { runMeasure } from './run.ts';
import { scenariosMeasure } from './scenarios.ts';
import { sendMeasure } from './send.ts';
import { workersMeasure } from './workers.ts';

/** Every group of figures by the name that `--only` takes. */
export const MEASURES: Readonly<Record<string, Measure>> = {
  import: importMeasure, ageing: ageingMeasure, run: runMeasure, scenarios: scenariosMeasure, decide: decideMeasure, page: pageMeasure, preview: previewMeasure, send: sendMeasure,
  replay: replayMeasure, nightly: nightlyMeasure, backup: backupMeasure, event: eventMeasure, memory: memoryMeasure, workers: workersMeasure,
};
