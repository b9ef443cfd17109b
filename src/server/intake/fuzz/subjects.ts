import { archiveSubjects } from './subjects-archive.ts';
import { bankSubjects } from './subjects-bank.ts';
import { tableSubjects } from './subjects-table.ts';
import { xmlSubjects } from './subjects-xml.ts';
import type { Subject } from './subject.ts';

/** The readers under test by family; a family shares its kind of seeds and its cost. */
export const FAMILIES: Readonly<Record<string, () => readonly Subject[]>> = { table: tableSubjects, bank: bankSubjects, xml: xmlSubjects, archive: archiveSubjects };

/** All readers under test. */
export const allSubjects = (): readonly Subject[] => Object.values(FAMILIES).flatMap((family) => family());
