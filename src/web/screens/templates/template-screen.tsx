import { Button, Group, Select, SegmentedControl, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRef } from '#core/api/matching.ts';
import type { TemplateWhole } from '#core/api/templates.ts';
import { ApiFault } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { useTemplate } from '../../api/templates.ts';
import { useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { ButtonTo, LinkTo } from '../../ui/links.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { TextEditor } from './text-editor.tsx';
import { TextPreview, useTypedPreview } from './text-preview.tsx';
import { useTexts } from './use-texts.ts';
import type { Place, TextDesk } from './use-texts.ts';
import { VersionsDialog } from './versions-dialog.tsx';

type ChoiceProps = { readonly template: TemplateWhole; readonly desk: TextDesk; readonly choose: (place: Place) => void };

/** Which text is open: its language and its wording, with a mark on those that are not written or not saved. */
function PlaceChoice({ template, desk, choose }: ChoiceProps): ReactElement {
  const { t } = useTranslation();
  const { place } = desk;
  const mark = (of: Place): string => {
    if (desk.isDirty(of)) return ' •';
    return template.wholeTexts.some(({ language, variant }) => language === of.language && variant === of.variant) ? '' : ' –';
  };
  return (
    <Group gap="lg" align="flex-end">
      <div>
        <Text size="sm" fw={500} mb={4} id="template-language">{t('templates.language')}</Text>
        <SegmentedControl aria-labelledby="template-language" value={place.language} onChange={(language) => choose({ ...place, language: language === 'en' ? 'en' : 'fr' })} data={[{ value: 'fr', label: t('frame.french') }, { value: 'en', label: t('frame.english') }]} />
      </div>
      <Select
        label={t('templates.variant')} description={t(`templates.variantHint.${place.variant}`)} inputWrapperOrder={['label', 'input', 'description']} allowDeselect={false} value={place.variant} w={{ base: '100%', xs: 320 }}
        data={template.variants.map((variant) => ({ value: variant, label: `${t(`templates.variants.${variant}`)}${mark({ ...place, variant })}` }))}
        onChange={(value) => choose({ ...place, variant: template.variants.find((one) => one === value) ?? 'standard' })}
      />
    </Group>
  );
}

function Unwritten({ template, desk, mayEdit }: { readonly template: TemplateWhole; readonly desk: TextDesk; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const { standard, place } = desk;
  const text = place.variant === 'standard' ? 'templates.unwrittenLanguage' : template.standsFor === 'formalNotice' ? 'templates.unwrittenNotice' : 'templates.unwrittenText';
  return (
    <Card>
      <EmptyState icon="letter" title={t('templates.unwritten')} text={t(text)}>
        {mayEdit && standard !== null && place.variant !== 'standard' ? <Button onClick={() => desk.type(standard)}>{t('templates.startFrom')}</Button> : null}
        {mayEdit ? <Button variant="default" onClick={() => desk.type({ subject: '', body: '' })}>{t('templates.startBlank')}</Button> : null}
      </EmptyState>
    </Card>
  );
}

type WritingProps = { readonly template: TemplateWhole; readonly desk: TextDesk; readonly mayEdit: boolean };

function Writing({ template, desk, mayEdit }: WritingProps): ReactElement {
  const [customer, setCustomer] = useState<CustomerRef | null>(null);
  const [versions, setVersions] = useState(false);
  const typed = desk.typed ?? { subject: '', body: '' };
  const preview = useTypedPreview({ typed, place: desk.place, standsFor: template.standsFor, customer });
  // An untouched empty text is not yet wrong.
  const problems = typed.subject === '' && typed.body === '' ? [] : (preview.data?.problems ?? []).filter(({ code }) => code !== 'letters.nothingToCite' && code !== 'letters.emptyValue');
  const path = `/api/templates/${template.code}/texts/${desk.place.language}/${desk.place.variant}`;
  return (
    <div className="text-grid">
      <TextEditor desk={desk} problems={problems} mayEdit={mayEdit} ready={template.ready} openVersions={() => setVersions(true)} />
      <TextPreview preview={preview} customer={customer} choose={setCustomer} />
      <VersionsDialog path={versions ? path : null} close={() => setVersions(false)} take={mayEdit ? (text) => { desk.type(text); setVersions(false); } : null} />
    </div>
  );
}

function Template({ template }: { readonly template: TemplateWhole }): ReactElement {
  const { t } = useTranslation();
  const mayEdit = useSession().organisation.role === 'owner' && !template.retired;
  const [place, setPlace] = useState<Place>({ language: 'fr', variant: 'standard' });
  const desk = useTexts(template, place);
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <Chip tone="grey">{t(`templates.uses.${template.standsFor}`)}</Chip>
        {template.retired ? <Chip tone="grey">{t('templates.retired')}</Chip> : null}
        <Text size="sm" c="dimmed">{template.usedBy.length === 0 ? t('templates.nobody') : t('templates.usedIn', { names: template.usedBy.join(', ') })}</Text>
      </Group>
      {mayEdit || template.retired ? null : <Text c="dimmed">{t('templates.ownerOnly')}</Text>}
      <PlaceChoice template={template} desk={desk} choose={setPlace} />
      {desk.typed === null ? <Unwritten template={template} desk={desk} mayEdit={mayEdit} /> : <Writing key={`${place.language} ${place.variant}`} template={template} desk={desk} mayEdit={mayEdit} />}
    </Stack>
  );
}

/** The texts of one template: written, checked and seen side by side. */
export function TemplateScreen(): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const { code } = useParams({ from: '/templates/$code' });
  const { data, error, refetch } = useTemplate(code);
  if (data === undefined && error instanceof ApiFault && error.status === 404) {
    return <EmptyState icon="search" title={t('templates.unknown')} text={t('templates.unknownText')}><ButtonTo to="/scenarios" search={{ tab: 'templates' }}>{t('templates.back')}</ButtonTo></EmptyState>;
  }
  return (
    <Page title={data === undefined ? t('templates.title') : say(data.name)}>
      <Stack gap="md">
        <LinkTo to="/scenarios" search={{ tab: 'templates' }} size="sm">← {t('templates.back')}</LinkTo>
        {data === undefined ? error === null ? <Loading /> : <FaultNote error={error} retry={() => void refetch()} /> : <Template key={code} template={data} />}
      </Stack>
    </Page>
  );
}
