import { Alert, Anchor, Button, Group, List, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '#core/api/faults.ts';
import type { TextView } from '#core/api/templates.ts';
import { SUBJECT_TEMPLATE_LENGTH_MAX, TEMPLATE_LENGTH_MAX } from '#core/letters/template.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { FieldPicker } from './field-picker.tsx';
import { lineAt, placed } from './placing.ts';
import type { TextDesk } from './use-texts.ts';

/** Lines of the text field before it scrolls with the page. */
const ROWS = { least: 14, most: 40 };

function Origin({ text }: { readonly text: TextView | null }): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  if (text === null) return null;
  const day = text.changedAt === null ? '' : formatDay(text.changedAt.slice(0, 10), language);
  return <Text size="sm" c="dimmed">{text.changedBy === null ? t('templates.origin') : t('templates.versionBy', { version: text.version, day, by: text.changedBy })}</Text>;
}

/** A sentence whose beginning, the place it speaks of, leads there. */
function Placed({ text, goTo }: { readonly text: string; readonly goTo: () => void }): ReactElement {
  const end = Math.max(text.search(/\s?:/), 0);
  return <><Anchor component="button" type="button" size="sm" c="inherit" underline="always" onClick={goTo}>{text.slice(0, end)}</Anchor>{text.slice(end)}</>;
}

function Problems({ of, goTo }: { readonly of: readonly ProblemView[]; readonly goTo: (line: number) => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const listed = (problems: readonly ProblemView[]): ReactElement => (
    <List size="sm" spacing={4}>
      {problems.map((problem, index) => (
        <List.Item key={`${problem.code}-${index}`}>
          {problem.line === 0 ? say(problem.message) : <Placed text={say(problem.message)} goTo={() => goTo(problem.line)} />}
        </List.Item>
      ))}
    </List>
  );
  const [errors, warnings] = [of.filter(({ severity }) => severity === 'error'), of.filter(({ severity }) => severity === 'warning')];
  return (
    <div aria-live="polite">
      {errors.length === 0 ? null : <Alert color="brick" variant="light" title={t('templates.problems')} icon={<Icon name="alert" />} styles={{ message: { color: '#5b1a13' }, title: { color: '#8f1d12' } }}>{listed(errors)}</Alert>}
      {warnings.length === 0 ? null : <Alert mt={errors.length === 0 ? 0 : 'sm'} color="yellow" variant="light" title={t('templates.doubts')} icon={<Icon name="alert" />} styles={{ message: { color: '#5c3d00' }, title: { color: '#5c3d00' } }}>{listed(warnings)}</Alert>}
    </div>
  );
}

type EditorProps = { readonly desk: TextDesk; readonly problems: readonly ProblemView[]; readonly mayEdit: boolean; readonly ready: boolean; readonly openVersions: () => void };

/** Subject and text of one wording, with the fields it may use, what is wrong with it, and its save. */
export function TextEditor({ desk, problems, mayEdit, ready, openVersions }: EditorProps): ReactElement | null {
  const { t } = useTranslation();
  const subject = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTextAreaElement>(null);
  // The field that was written in last gets what the picker gives.
  const last = useRef<'subject' | 'body'>('body');
  useHotkeys([['mod+S', () => { if (mayEdit && desk.dirty) desk.save(); }]], []);
  const { typed, text } = desk;
  if (typed === null) return null;
  const select = (field: HTMLInputElement | HTMLTextAreaElement | null, { start, end }: { start: number; end: number }): void => {
    // After the field was drawn with its new text: before, the caret would be put past its end.
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(start, end);
    });
  };
  const insert = (written: string, block: boolean): void => {
    const inSubject = last.current === 'subject' && !block;
    const field = inSubject ? subject.current : body.current;
    const value = inSubject ? typed.subject : typed.body;
    const next = placed({ text: value, start: field?.selectionStart ?? value.length, end: field?.selectionEnd ?? value.length }, { written, block });
    desk.type(inSubject ? { ...typed, subject: next.text } : { ...typed, body: next.text });
    select(field, next);
  };
  const original = text?.original ?? null;
  const back = original !== null && (original.subject !== typed.subject || original.body !== typed.body);
  return (
    <Card>
      <Stack gap="md">
        <Group justify="space-between" gap="xs"><Origin text={text} />{desk.dirty ? <output><Chip tone="amber">{t('templates.unsaved')}</Chip></output> : null}</Group>
        <TextInput ref={subject} label={t('templates.subject')} value={typed.subject} maxLength={2 * SUBJECT_TEMPLATE_LENGTH_MAX} readOnly={!mayEdit} onFocus={() => { last.current = 'subject'; }} onChange={(event) => desk.type({ ...typed, subject: event.currentTarget.value })} />
        <div>
          <Group justify="space-between" mb={4} align="flex-end"><Text component="label" htmlFor="template-body" size="sm" fw={500}>{t('templates.body')}</Text><FieldPicker language={desk.place.language} disabled={!mayEdit} insert={insert} /></Group>
          <Textarea ref={body} id="template-body" autosize minRows={ROWS.least} maxRows={ROWS.most} value={typed.body} maxLength={2 * TEMPLATE_LENGTH_MAX} readOnly={!mayEdit} onFocus={() => { last.current = 'body'; }} onChange={(event) => desk.type({ ...typed, body: event.currentTarget.value })} />
        </div>
        <Problems of={[...problems, ...desk.refused.filter(({ code }) => !problems.some((one) => one.code === code))]} goTo={(line) => select(body.current, lineAt(typed.body, line))} />
        {mayEdit ? (
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <Button onClick={desk.save} loading={desk.saving} disabled={!desk.dirty}>{t('templates.save')}</Button>
              {desk.dirty ? <Button variant="default" onClick={desk.discard}>{t('templates.discard')}</Button> : null}
            </Group>
            <Group gap="xs">
              {back ? <Button variant="subtle" onClick={() => desk.type(original)}>{t('templates.toOriginal')}</Button> : null}
              {text === null ? null : <Button variant="subtle" onClick={openVersions}>{t('templates.versions')}</Button>}
              {text === null || ready ? null : <Button variant="subtle" color="brick" onClick={desk.remove}>{t('templates.remove')}</Button>}
            </Group>
          </Group>
        ) : null}
      </Stack>
    </Card>
  );
}
