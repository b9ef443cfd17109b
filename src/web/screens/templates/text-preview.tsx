import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRef } from '#core/api/matching.ts';
import type { TextPreviewView } from '#core/api/templates.ts';
import type { MessageStep } from '#core/letters/message-model.ts';
import { useProposedCustomers } from '../../api/scenarios.ts';
import { useTextPreview } from '../../api/templates.ts';
import { useSay } from '../../language/language.ts';
import { CustomerSelect } from '../../ui/customer-select.tsx';
import { Icon } from '../../ui/icons.tsx';
import { MailFrame } from '../../ui/mail-frame.tsx';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import type { Place, Typed } from './use-texts.ts';

/** The preview follows the hand after this pause. */
const PAUSE_MS = 300;

type Props = { readonly typed: Typed; readonly place: Place; readonly standsFor: MessageStep; readonly customer: CustomerRef | null; readonly choose: (customer: CustomerRef | null) => void };

/** The text as it would read today, and what stands in its way. */
export function useTypedPreview({ typed, place, standsFor, customer }: Omit<Props, 'choose'>) {
  const [settled] = useDebouncedValue(typed, PAUSE_MS);
  return useTextPreview({ subject: settled.subject, body: settled.body, ...place, standsFor, customer: customer?.id ?? null });
}

function Chooser({ customer, choose }: Pick<Props, 'customer' | 'choose'>): ReactElement {
  const { t } = useTranslation();
  const { data = [] } = useProposedCustomers();
  return (
    <Stack gap="xs">
      <CustomerSelect key={customer?.id ?? ''} label={t('templates.previewOn')} chosen={customer} choose={choose} />
      <Group gap="xs">
        <Button size="compact-sm" variant={customer === null ? 'filled' : 'light'} onClick={() => choose(null)}>{t('templates.madeUp')}</Button>
        {data.map((one) => <Button key={one.id} size="compact-sm" variant={one.id === customer?.id ? 'filled' : 'light'} onClick={() => choose({ id: one.id, code: one.code, name: one.name })}>{one.name}</Button>)}
      </Group>
    </Stack>
  );
}

function Rendered({ of, customer }: { readonly of: TextPreviewView; readonly customer: CustomerRef | null }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  // What the text itself has wrong is said beside it; here only what this customer lacks.
  const lacking = of.problems.filter(({ severity, code }) => severity === 'error' && (code === 'letters.emptyValue' || code === 'letters.nothingToCite'));
  if (of.html === null) {
    const wrong = of.problems.some(({ severity }) => severity === 'error');
    return lacking.length === 0 ? <Text c="dimmed">{t(wrong ? 'templates.wrong' : 'templates.empty')}</Text> : (
      <Alert color="yellow" variant="light" icon={<Icon name="alert" />} styles={{ message: { color: '#5c3d00' } }}>{lacking.map((problem, index) => <Text key={`${problem.code}-${index}`} size="sm">{say(problem.message)}</Text>)}</Alert>
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">{customer === null ? t('templates.madeUpNote') : t('templates.realNote', { name: of.customer ?? customer.name })}</Text>
      <Text fw={650} style={{ overflowWrap: 'anywhere' }}>{of.subject}</Text>
      <MailFrame html={of.html} />
    </Stack>
  );
}

/** The message beside its text, on a real customer or a made-up one. */
export function TextPreview({ preview, customer, choose }: Pick<Props, 'customer' | 'choose'> & { readonly preview: ReturnType<typeof useTypedPreview> }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = preview;
  return (
    <Card title={t('templates.preview')}>
      <Stack gap="md">
        <Chooser customer={customer} choose={choose} />
        {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
        {data === undefined ? error === null ? <Loading rows={5} /> : null : <Rendered of={data} customer={customer} />}
      </Stack>
    </Card>
  );
}
