import type { ReactElement } from 'react';

const PATHS = {
  overview: 'M4 13h6V4H4v9Zm0 7h6v-4H4v4Zm10 0h6v-9h-6v9Zm0-16v4h6V4h-6Z',
  customers: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 10c0-4 3-6.5 7-6.5s7 2.500 7 6.500M16 3.500a4 4 0 0 1 0 7.500m3 10c0-3-1-5-3-6',
  matching: 'M9.500 14.500l5-5M8 11.500l-3 3a3.500 3.500 0 0 0 5 5l3-3M16 12.500l3-3a3.500 3.500 0 0 0-5-5l-3 3',
  actions: 'M3 6.500 12 13l9-6.500M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
  scenarios: 'M3 12h18M6.500 9v6M12 5v14M17.500 9v6',
  sms: 'M4 5h16v11H10l-4 4v-4H4V5Z',
  registered: 'M6 3h9l4 4v14H6V3Zm8 0v5h5M9 14.500l2.500 2.500 4-4.500',
  undo: 'M9 7 4.500 11.500 9 16M5 11.500h9a5 5 0 0 1 0 10h-2',
  disputes: 'M12 4v16M8 20h8M5 8h14M5 8l-2.500 6h5L5 8Zm14 0-2.500 6h5L19 8Z',
  promises: 'M4 6h16v14H4V6Zm4-3v5m8-5v5M8.500 14l2.500 2.500 4.500-5',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8l5-5Zm1 6h6v6H9V9Z',
  imports: 'M12 3v12m0 0 4-4m-4 4-4-4M4 17v3h16v-3',
  review: 'M9 4h6v3H9V4ZM7 5H5v16h14V5h-2M8.500 14l2.500 2.500 4.500-5',
  bank: 'M3 9.500 12 4l9 5.500H3ZM5.500 10v8m4.500-8v8m4-8v8m4.500-8v8M3 20.500h18',
  ledger: 'M5 3h14v18H5V3Zm4 0v18M12 8h4m-4 4h4',
  archive: 'M4 8h16v12H4V8Zm-1-4h18v4H3V4Zm7 8h4',
  download: 'M12 4v11m0 0 4-4m-4 4-4-4M5 20h14',
  settings: 'M4 7h10m4 0h2M4 17h2m4 0h10M16 4.500v5M8 14.500v5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  alert: 'M12 4 2.500 20h19L12 4Zm0 6v4.500m0 2.500v.2',
  pause: 'M9 5v14M15 5v14',
  phone: 'M5 3h4l2 5-2.500 2a12 12 0 0 0 5.500 5.500l2-2.500 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2Z',
  letter: 'M6 3h9l4 4v14H6V3Zm8 0v5h5M9 12h7M9 16h7',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 9c0-4 3.500-6.500 8-6.500s8 2.500 8 6.500',
  back: 'M15 5l-7 7 7 7',
  file: 'M6 3h8l5 5v13H6V3Zm8 0v5h5',
  plus: 'M12 5v14M5 12h14',
  keyboard: 'M3 6h18v12H3V6Zm4 4h.1M11 10h.1M15 10h.1M7 14h10',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.500 2',
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M4 6h16M4 12h16M4 18h16',
} as const;

/** Names of the drawings. */
export type IconName = keyof typeof PATHS;

/** A line drawing that says nothing by itself: the text beside it does. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
