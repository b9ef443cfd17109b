import type { ReactElement } from 'react';
import type { CustomerRef } from '#core/api/matching.ts';
import type { EditorTab } from './editor-tabs.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { StepsPanel } from './steps-panel.tsx';
import type { DraftDesk } from './use-draft.ts';
import { VersionsPanel } from './versions-panel.tsx';

/** What every part of the editor is given: the scenario's code, its version in force (0 before the first), the draft, and the customer it is tried on. */
export type PanelProps = {
  readonly code: string; readonly version: number; readonly desk: DraftDesk; readonly customer: CustomerRef | null; readonly chooseCustomer: (customer: CustomerRef) => void;
};

/** The panel of each tab. */
export const EDITOR_PANELS: { readonly [Tab in EditorTab]: (props: PanelProps) => ReactElement } = {
  steps: ({ desk, version }) => <StepsPanel desk={desk} isNew={version === 0} />,
  preview: ({ code, desk, customer, chooseCustomer }) => <PreviewPanel code={code} desk={desk} chosen={customer} choose={chooseCustomer} />,
  versions: ({ code, desk, version }) => <VersionsPanel code={code} desk={desk} version={version} />,
};
