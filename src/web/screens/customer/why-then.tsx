import { Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useWhyThen } from '../../api/queries.ts';
import { useSay } from '../../language/language.ts';
import { REASONS } from '../../ui/reasons.ts';
import { Chip, toneOfReason } from '../../ui/chip.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';

/** Why an item was chased or not on a day one chooses, from what was known on it, and whether its run had decided the same. */
export function WhyThen({ item, from }: { readonly item: string; readonly from: string }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const words = useWords();
  const [day, setDay] = useState('');
  const { data, error, refetch } = useWhyThen(item, day);
  const reason = REASONS.find((one) => one === data?.reason);
  return (
    <Stack gap={8} component="section" aria-label={t('customers.whyThen')}>
      <Title order={3}>{t('customers.whyThen')}</Title>
      <TextInput type="date" label={t('customers.whyDay')} description={t('customers.whyDayText')} value={day} min={from} onChange={(event) => setDay(event.currentTarget.value)} maw={320} />
      <Stack gap={6} aria-live="polite">
        {error === null || day === '' ? null : <FaultNote error={error} retry={() => void refetch()} />}
        {day !== '' && data === undefined && error === null ? <Loading rows={1} /> : null}
        {data === undefined || day === '' ? null : (
          <>
            {reason === undefined ? null : <div><Chip tone={toneOfReason(reason, data.acts === true)}>{words.reason(reason)}</Chip></div>}
            <Text>{say(data.text)}</Text>
            {data.compared === null ? <Text size="sm" c="dimmed">{t('customers.whyNoRun')}</Text> : <Text size="sm" c={data.same === true ? 'dimmed' : 'orange.9'}>{say(data.compared)}</Text>}
          </>
        )}
      </Stack>
    </Stack>
  );
}
