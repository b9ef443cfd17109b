import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FieldView, TemplateLine, TemplateWhole, TextPreviewView, TextVersionView } from '#core/api/templates.ts';
import type { Language } from '#core/kernel/text.ts';
import type { Variant } from '#core/letters/families.ts';
import type { MessageStep } from '#core/letters/message-model.ts';
import { change, get } from './client.ts';
import { queryClient } from './queries.ts';

/** A text to look at, on a customer or on the made-up one. */
export type PreviewAsked = {
  readonly subject: string; readonly body: string; readonly standsFor: MessageStep; readonly variant: Variant; readonly language: Language; readonly customer: string | null;
};

export const useTemplates = () => useQuery({ queryKey: ['templates', 'list'], queryFn: () => get<readonly TemplateLine[]>('/api/templates') });
export const useTemplate = (code: string) => useQuery({ queryKey: ['templates', 'one', code], queryFn: () => get<TemplateWhole>(`/api/templates/${code}`), refetchOnWindowFocus: false });
export const useFields = () => useQuery({ queryKey: ['templates', 'fields'], queryFn: () => get<readonly FieldView[]>('/api/templates/fields'), staleTime: Number.POSITIVE_INFINITY });
export const useTextVersions = (path: string | null) => useQuery({ queryKey: ['templates', 'versions', path], queryFn: () => get<readonly TextVersionView[]>(`${path ?? ''}/versions`), enabled: path !== null, staleTime: 0 });
export const useTextPreview = (asked: PreviewAsked) => useQuery({
  queryKey: ['templates', 'preview', asked], queryFn: () => change<TextPreviewView>('POST', '/api/templates/preview', asked), placeholderData: keepPreviousData,
});

/** Everything that shows texts or rests on them is asked again. */
export const refreshTemplates = (): Promise<void> => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'templates' || queryKey[0] === 'scenarios' });
