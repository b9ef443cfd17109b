import { Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '#core/api/faults.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatCount } from '../../ui/format.ts';

/** Refused and doubtful lines: where, and what to do. */
export function ProblemsTable({ problems, total }: { readonly problems: readonly ProblemView[]; readonly total: number }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  return (
    <>
      <Table verticalSpacing="xs">
        <Table.Caption className="visually-hidden">{t('imports.problemsTitle')}</Table.Caption>
        <Table.Thead><Table.Tr><Table.Th scope="col" w={90}>{t('imports.line')}</Table.Th><Table.Th scope="col">{t('imports.message')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {problems.map((problem, index) => (
            <Table.Tr key={`${problem.line}-${problem.code}-${index}`}>
              <Table.Td className="number" style={{ verticalAlign: 'top' }}>{problem.line === 0 ? t('imports.wholeFile') : formatCount(problem.line, language)}</Table.Td>
              <Table.Td><Chip tone={problem.severity === 'error' ? 'red' : 'amber'}>{t(`imports.severity.${problem.severity}`)}</Chip> <Text component="span" size="sm">{say(problem.message)}</Text></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {problems.length < total ? <Text size="sm" c="dimmed" mt="xs">{t('imports.problemsMore', { shown: formatCount(problems.length, language), total: formatCount(total, language) })}</Text> : null}
    </>
  );
}
