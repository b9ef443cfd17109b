import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** The message's page may show itself and nothing else: no script, no picture from outside, no form, no link that opens here. */
const FRAME_POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"><style>body{margin:12px;font-size:14px}</style>";

/** A message's HTML in a frame without any right. */
export function MailFrame({ html }: { readonly html: string }): ReactElement {
  const { t } = useTranslation();
  return <iframe className="mail-frame" title={t('actions.frameTitle')} sandbox="" srcDoc={`${FRAME_POLICY}${html}`} />;
}
