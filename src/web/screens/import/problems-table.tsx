import { Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '#core/api/faults.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatCount } from '../../ui/format.ts';

/** Sentences begin with their line, for those who read them elsewhere; here the line has a column of its own. */
const withoutLine = (message: string, line: number): string => {
  const start = /^(?:Ligne|Line) (\d+) ?: /u.exec(message);
  return start === null || Number(start[1]) !== line ? message : message.slice(start[0].length);
};

/** Refused and doubtful lines: where, and what to do. */
export function ProblemsTable({ problems }: { readonly problems: readonly ProblemView[] }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  return (
    <Table verticalSpacing={6} horizontalSpacing="xs">
      <Table.Caption className="visually-hidden">{t('imports.problemsTitle')}</Table.Caption>
      <Table.Thead className="visually-hidden"><Table.Tr><Table.Th scope="col">{t('imports.line')}</Table.Th><Table.Th scope="col">{t('imports.message')}</Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>
        {problems.map((problem, index) => (
          <Table.Tr key={`${problem.line}-${problem.code}-${index}`}>
            <Table.Td w={78} style={{ verticalAlign: 'top' }}><Text size="sm" c="dimmed">{problem.line === 0 ? t('imports.wholeFile') : t('drops.atLine', { line: formatCount(problem.line, language) })}</Text></Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}><Chip tone={problem.severity === 'error' ? 'red' : 'amber'}>{t(`imports.severity.${problem.severity}`)}</Chip> <Text component="span" size="sm">{withoutLine(say(problem.message), problem.line)}</Text></Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
