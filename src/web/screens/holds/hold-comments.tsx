import { Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { change } from '../../api/client.ts';
import { useLanguage } from '../../language/language.ts';
import { formatInstant } from '../../ui/format.ts';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

/** Longest comment the server takes. */
const COMMENT_MAX = 4000;

/** What people said of a hold, oldest first, and a field to say more. A comment is never changed afterwards. */
export function HoldComments({ of, mayEdit }: { readonly of: HoldDetail; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [body, setBody] = useState('');
  const add = useChange((text: string) => change('POST', `/api/holds/${of.id}/comments`, { body: text }), { done: () => {
    setBody('');
    tell(t('holds.comments.added'));
  } });
  return (
    <section aria-label={t('holds.comments.title')}>
      <Title order={3} mb="xs">{t('holds.comments.title')}</Title>
      {of.comments.length === 0 ? <Text size="sm" c="dimmed">{t('holds.comments.none')}</Text> : null}
      <Stack component="ol" className="plain-list" gap="sm">
        {of.comments.map((comment) => (
          <li key={comment.id}>
            <Text size="xs" c="dimmed">{comment.actor}, {formatInstant(comment.at, language)}</Text>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{comment.body}</Text>
          </li>
        ))}
      </Stack>
      {mayEdit ? (
        <form onSubmit={(event) => { event.preventDefault(); if (body.trim() !== '') add.mutate(body.trim()); }}>
          <Textarea mt="sm" label={t('holds.comments.new')} autosize minRows={2} maxLength={COMMENT_MAX} value={body} onChange={(event) => setBody(event.currentTarget.value)} />
          <Group mt="xs"><Button type="submit" size="xs" variant="light" loading={add.isPending} disabled={body.trim() === ''}>{t('holds.comments.add')}</Button></Group>
        </form>
      ) : null}
    </section>
  );
}
