import { Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRef } from '#core/api/matching.ts';
import type { EditorTab } from './editor-tabs.ts';
import { Loading } from '../../ui/states.tsx';
import { HoldOutTab } from './holdout-tab.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { ReplayTab } from './replay-tab.tsx';
import { StepsPanel } from './steps-panel.tsx';
import type { DraftDesk } from './use-draft.ts';
import { VersionsPanel } from './versions-panel.tsx';

/** What every part of the editor is given: the scenario's code, its version in force (0 before the first), the draft, and the customer it is tried on. */
export type PanelProps = {
  readonly code: string; readonly version: number; readonly desk: DraftDesk; readonly customer: CustomerRef | null; readonly chooseCustomer: (customer: CustomerRef) => void;
};

function Intro({ of }: { readonly of: 'replay' | 'holdOut' }): ReactElement {
  const { t } = useTranslation();
  return <Text c="dimmed">{t(of === 'replay' ? 'replay.intro' : 'replay.holdOut.intro')}</Text>;
}

/** Shows what rests on the draft once the draft is kept. */
function KeptFirst({ desk, children }: { readonly desk: DraftDesk; readonly children: ReactNode }): ReactElement {
  const { state } = desk.keeping;
  return state === 'waiting' || state === 'saving' ? <Loading /> : <>{children}</>;
}

/** The panel of each tab. */
export const EDITOR_PANELS: { readonly [Tab in EditorTab]: (props: PanelProps) => ReactElement } = {
  steps: ({ desk, version }) => <StepsPanel desk={desk} isNew={version === 0} />,
  preview: ({ code, desk, customer, chooseCustomer }) => <PreviewPanel code={code} desk={desk} chosen={customer} choose={chooseCustomer} />,
  // A replay is of the draft as it is kept.
  replay: ({ code, desk }) => <KeptFirst desk={desk}><Stack gap="md"><Intro of="replay" /><ReplayTab code={code} /></Stack></KeptFirst>,
  holdOut: ({ code }) => <Stack gap="md"><Intro of="holdOut" /><HoldOutTab code={code} /></Stack>,
  versions: ({ code, desk, version }) => <VersionsPanel code={code} desk={desk} version={version} />,
};
