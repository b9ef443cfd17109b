import type { ReactElement, ReactNode } from 'react';

const TONES = {
  green: { background: '#e3f5ec', color: '#0a5c44' },
  grey: { background: '#edf0ef', color: '#414b46' },
  amber: { background: '#fdf0d5', color: '#7a4100' },
  red: { background: '#fde7e4', color: '#96190f' },
  blue: { background: '#e3eefb', color: '#134e94' },
  violet: { background: '#eee9fb', color: '#4b2f93' },
} as const;

/** Colours of a chip. */
export type ChipTone = keyof typeof TONES;

/** A word about a state; the word says it, the colour only helps. */
export function Chip({ tone, children, title }: { readonly tone: ChipTone; readonly children: ReactNode; readonly title?: string }): ReactElement {
  return (
    <span title={title} style={{ ...TONES[tone], borderRadius: 11, padding: '2px 10px', fontSize: 12.5, fontWeight: 600, display: 'inline-block', lineHeight: 1.5 }}>
      {children}
    </span>
  );
}

/** Colour of an action's state. */
export function toneOfState(state: string): ChipTone {
  switch (state) {
    case 'sent': case 'delivered': case 'replied': return 'green';
    case 'approved': case 'claimed': return 'blue';
    case 'unknown': return 'amber';
    case 'failed': case 'bounced': return 'red';
    default: return 'grey';
  }
}

/** Colour of a decision's reason. */
export function toneOfReason(reason: string, acts: boolean): ChipTone {
  if (acts) return 'red';
  switch (reason) {
    case 'notDue': case 'paid': return 'green';
    case 'disputed': case 'promised': case 'planned': case 'paused': case 'insolvent': case 'legal': return 'violet';
    case 'noContact': case 'channelRefused': case 'ledgerStale': return 'amber';
    case 'stepDone': case 'awaitingApproval': case 'capReached': case 'closedDay': case 'paymentPending': case 'creditCovers': return 'blue';
    default: return 'grey';
  }
}
