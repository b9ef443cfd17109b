import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendingPage } from '#core/api/sending.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatInstant } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';

/** Words the server asks for at least, and takes at most. */
export const REASON_MIN = 5;
export const REASON_MAX = 500;

function Resume(): ReactElement {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: (text) => (text.trim().length < REASON_MIN ? t('sending.fault.reason', { count: REASON_MIN }) : null) } });
  const failed = useFieldFault(form);
  const resume = useChange((values: { reason: string }) => change('POST', '/api/sending/resume', values), { done: () => tell(t('sending.breaker.resumed')), failed });
  return (
    <form onSubmit={form.onSubmit((values) => resume.mutate(values))} noValidate>
      <Group align="flex-end" gap="sm">
        <TextInput style={{ flex: '1 1 260px' }} label={t('sending.breaker.why')} required maxLength={REASON_MAX} {...form.getInputProps('reason')} />
        <Button type="submit" loading={resume.isPending}>{t('sending.breaker.resume')}</Button>
      </Group>
    </form>
  );
}

/** Whether e-mail goes, on which figures; when it stopped by itself, why, and how it goes on. */
export function BreakerCard({ page }: { readonly page: SendingPage }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const owner = useSession().organisation.role === 'owner';
  const { halt, latest } = page;
  return (
    <Card title={t('sending.breaker.title')} actions={<Chip tone={halt === null ? 'green' : 'red'}>{halt === null ? t('sending.breaker.closed') : t('sending.breaker.open')}</Chip>}>
      <Stack gap="md">
        {halt === null ? null : (
          <Alert color="red" variant="light" role="alert" icon={<Icon name="pause" />} title={t('sending.breaker.stoppedOn', { at: formatInstant(halt.openedAt, language) })} styles={{ message: { color: '#5b1a13' }, title: { color: '#8f1d12' } }}>
            {t(`sending.breaker.cause.${halt.cause}`, { mails: halt.mails, bounces: halt.bounces, complaints: halt.complaints })}
          </Alert>
        )}
        <Text size="sm">{latest.mails === 0 ? t('sending.breaker.noMail') : t('sending.breaker.latest', { count: latest.mails, bounces: latest.bounces, complaints: latest.complaints })}</Text>
        {halt === null ? null : owner ? <Resume /> : <Text size="sm" c="dimmed">{t('sending.breaker.ownerResumes')}</Text>}
      </Stack>
    </Card>
  );
}
