import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '#core/api/faults.ts';
import type { ImportOutcome } from '#core/api/imports.ts';
import { get } from '../../api/client.ts';
import { useLanguage } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';
import { FaultNote } from '../../ui/states.tsx';
import { ProblemsTable } from './problems-table.tsx';

/** A link that saves a file. */
export function Download({ href, children, label }: { readonly href: string; readonly children: string; readonly label?: string }): ReactElement {
  return <Button component="a" href={href} download variant="subtle" size="compact-sm" leftSection={<Icon name="download" size={15} />} {...(label === undefined ? {} : { 'aria-label': label })}>{children}</Button>;
}

/** The first problems of a file, all of them when asked for, and below them what can be done. */
export function FileProblems({ drop, file, of, children }: { readonly drop: string; readonly file: string; readonly of: ImportOutcome; readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [all, setAll] = useState(false);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['drop', drop, file, 'problems', of], queryFn: () => get<readonly ProblemView[]>(`/api/drops/${drop}/files/${file}/problems`), enabled: all, staleTime: Infinity,
  });
  const shown = all && data !== undefined ? data.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error')) : of.problems;
  return (
    <Stack gap={6}>
      {of.problemsTotal === 0 ? null : <ProblemsTable problems={shown} />}
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      <Group gap="xs">
        {children}
        {shown.length < of.problemsTotal ? <Button size="compact-sm" variant="light" loading={isFetching} onClick={() => setAll(true)}>{t('drops.allOf', { count: of.problemsTotal })}</Button> : null}
        {of.problemsTotal === 0 ? null : <Download href={`/api/drops/${drop}/problems.csv?file=${file}&language=${language}`} label={`${t('drops.remarks')} : ${of.fileName}`}>{t('drops.remarks')}</Download>}
      </Group>
    </Stack>
  );
}
