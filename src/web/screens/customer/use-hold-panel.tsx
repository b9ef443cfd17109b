import { useState } from 'react';
import type { ReactElement } from 'react';
import type { CustomerDetail } from '#core/api/customers.ts';
import type { HoldKind } from '#core/holds/hold-state.ts';
import { useKeys } from '../../ui/keys.ts';
import { HoldPanel } from '../holds/hold-panel.tsx';
import type { PanelStart } from '../holds/hold-panel.tsx';

/** The document whose row has the focus, if any: the key then is about it. */
const focusedItem = (): string | null => document.activeElement?.closest<HTMLElement>('[data-item]')?.dataset['item'] ?? null;

/** The panel of a customer page: opened by a button, by a document's menu, or by "s" wherever the focus is. */
export function useHoldPanel(of: CustomerDetail, mayEdit: boolean): { readonly open: (kind: HoldKind, from: string | null) => void; readonly panel: ReactElement } {
  const [start, setStart] = useState<PanelStart | null>(null);
  useKeys(({ key }) => {
    if (key !== 's' || document.querySelector('[role="dialog"]') !== null) return false;
    setStart({ kind: 'promise', from: focusedItem() });
    return true;
  }, !mayEdit || start !== null);
  return { open: (kind, from) => setStart({ kind, from }), panel: <HoldPanel of={of} start={start} close={() => setStart(null)} /> };
}
