import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { sessionQuery } from './api/queries.ts';
import { SignInScreen } from './screens/sign-in/sign-in-screen.tsx';
import { WelcomeScreen } from './screens/welcome/welcome-screen.tsx';
import { BarePage, Shell } from './ui/shell.tsx';
import { FaultNote, Loading } from './ui/states.tsx';

/** Paths an organisation without any data may open: everything else leads to the welcome page. */
const BEFORE_DATA: ReadonlySet<string> = new Set(['/import', '/review', '/settings']);

/** Who may see what: nobody without a session, and a first start is welcomed before anything else. */
export function Gate(): ReactElement {
  const { pathname, hash } = useLocation();
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (error !== null && session === undefined) {
    return <BarePage session={null}><div style={{ maxWidth: 560, margin: '0 auto' }}><FaultNote error={error} retry={() => void refetch()} /></div></BarePage>;
  }
  if (session === undefined) return <BarePage session={null}><div style={{ maxWidth: 560, margin: '0 auto' }}><Loading /></div></BarePage>;
  const link = pathname === '/sign-in' && hash.length > 0;
  if (session === null || link) return <BarePage session={null}><SignInScreen /></BarePage>;
  if (session.organisation.empty && !BEFORE_DATA.has(pathname)) return <BarePage session={session}><WelcomeScreen /></BarePage>;
  return <Shell />;
}
