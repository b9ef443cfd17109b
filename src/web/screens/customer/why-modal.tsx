import { Modal, Stack, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemView } from '#core/api/customers.ts';
import { useDecisions } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip, toneOfReason } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { WhyThen } from './why-then.tsx';

/** Why an item is chased or not: the engine's sentence for today, and what past runs decided. */
export function WhyModal({ item, close }: { readonly item: ItemView | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const words = useWords();
  const { data, error, refetch } = useDecisions(item?.id ?? null);
  const name = item?.document ?? item?.label ?? item?.id ?? '';
  return (
    <Modal opened={item !== null} onClose={close} size="lg" title={<Text fw={650}>{t('customers.whyOf', { document: name })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      <Stack gap="md">
        {item === null || item.why === null ? <Text>{t('customers.settled')}</Text> : (
          <Stack gap={6}>
            <Title order={3}>{t('customers.whyToday')}</Title>
            <div><Chip tone={toneOfReason(item.why.reason, item.why.acts)}>{words.reason(item.why.reason)}</Chip></div>
            <Text>{say(item.why.text)}</Text>
          </Stack>
        )}
        {item === null ? null : <WhyThen key={item.id} item={item.id} from={item.issuedOn} />}
        <Title order={3}>{t('customers.whyBefore')}</Title>
        {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
        {data === undefined && error === null ? <Loading rows={3} /> : null}
        {data?.length === 0 ? <Text c="dimmed" size="sm">{t('customers.whyNoHistory')}</Text> : null}
        <Stack component="ol" className="plain-list" gap="sm">
          {data?.map((decision, index) => (
            <li key={`${decision.today}-${index}`}>
              <Text size="sm" fw={600}>{formatDay(decision.today, language)}</Text>
              <Text size="sm">{say(decision.text)}</Text>
            </li>
          ))}
        </Stack>
      </Stack>
    </Modal>
  );
}
