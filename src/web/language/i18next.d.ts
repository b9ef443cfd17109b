import 'i18next';
import type { french } from './texts.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'texts';
    resources: { texts: typeof french };
    returnNull: false;
  }
}
