import { Alert, AppShell, Burger, Button, Group, Menu, NavLink, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '#core/api/session.ts';
import { change } from '../api/client.ts';
import { useMatchingSummary } from '../api/matching.ts';
import { useOverview, useReviewCount, useSession } from '../api/queries.ts';
import { speak, useLanguage } from '../language/language.ts';
import { Chip } from './chip.tsx';
import { FrozenBanner } from './frozen.tsx';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import { StopBanner, StopButton } from './stop.tsx';

const PLACES = [
  { key: 'overview', to: '/' }, { key: 'customers', to: '/customers' }, { key: 'matching', to: '/matching' }, { key: 'actions', to: '/actions' }, { key: 'disputes', to: '/disputes' }, { key: 'promises', to: '/promises' }, { key: 'scenarios', to: '/scenarios' }, { key: 'imports', to: '/import' }, { key: 'review', to: '/review' }, { key: 'settings', to: '/settings' },
] as const satisfies readonly { key: IconName; to: string }[];

/** The mark and the name. */
export function Brand(): ReactElement {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/acquit.svg" alt="" width={30} height={30} />
      <Text fw={750} fz={20} lts={-0.3}>Acquit</Text>
    </Group>
  );
}

/** French or English, remembered by the browser and by the account when there is one. */
export function LanguageSwitch({ session }: { readonly session: SessionView | null }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const choose = async (value: string): Promise<void> => {
    const next = value === 'en' ? 'en' : 'fr';
    await speak(next);
    if (session !== null && session.user.email !== '') await change('PUT', '/api/account', { name: session.user.name, email: session.user.email, language: next });
  };
  return (
    <SegmentedControl
      size="xs" aria-label={t('frame.language')} value={language} onChange={(value) => void choose(value)}
      data={[{ value: 'fr', label: 'FR' }, { value: 'en', label: 'EN' }]}
    />
  );
}

function AccountMenu({ session }: { readonly session: SessionView }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const others = session.organisations.filter((one) => one.id !== session.organisation.id);
  const signOut = async (): Promise<void> => {
    await change('DELETE', '/api/session');
    client.clear();
    globalThis.location.assign('/sign-in');
  };
  const move = async (organisation: string): Promise<void> => {
    await change('PUT', '/api/session/organisation', { organisation });
    client.clear();
    globalThis.location.assign('/');
  };
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <UnstyledButton aria-label={t('frame.account')} px={8} py={6} style={{ borderRadius: 8 }}>
          <Group gap={8} wrap="nowrap"><Icon name="user" /><Text size="sm" fw={500} visibleFrom="sm" className="truncate" maw={160}>{session.user.name}</Text></Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {others.length === 0 ? null : <Menu.Label c="dimmed">{t('frame.switchTo')}</Menu.Label>}
        {others.map((one) => <Menu.Item key={one.id} onClick={() => void move(one.id)}>{one.name} {one.sample ? `(${t('frame.sample')})` : ''}</Menu.Item>)}
        {others.length === 0 ? null : <Menu.Divider />}
        <Menu.Item onClick={() => void navigate({ to: '/settings', search: { tab: 'account' } })}>{t('frame.account')}</Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{t('frame.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Navigation({ close }: { readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { data } = useOverview();
  const reviews = useReviewCount();
  const lines = useMatchingSummary();
  const waiting: Readonly<Partial<Record<IconName, number>>> = { actions: data === undefined ? 0 : data.actions.proposed + data.actions.unknown, review: reviews.data?.waiting ?? 0, matching: lines.data?.open.lines ?? 0 };
  return (
    <Stack gap={4}>
      {PLACES.map(({ key, to }) => {
        const active = to === '/' ? pathname === '/' : pathname.startsWith(to);
        return (
          <NavLink
            key={key} component={Link} to={to} label={t(`frame.nav.${key}`)} leftSection={<Icon name={key} />} active={active} onClick={close} className="nav-link"
            {...(active ? { 'aria-current': 'page' as const } : {})}
            rightSection={(waiting[key] ?? 0) > 0 ? <Chip tone={key === 'review' ? 'amber' : 'green'}>{waiting[key]}</Chip> : null}
          />
        );
      })}
    </Stack>
  );
}

/** Header, menu and place of every page; the focus goes to the content when the page changes. */
export function Shell(): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const { pathname } = useLocation();
  const [opened, { toggle, close }] = useDisclosure();
  const main = useRef<HTMLDivElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
    globalThis.scrollTo(0, 0);
  }, [pathname]);
  return (
    <AppShell header={{ height: 60 }} navbar={{ width: 244, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding={{ base: 'md', sm: 'xl' }}>
      <a className="skip-link" href="#content">{t('frame.skip')}</a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('frame.openMenu')} />
            <Brand />
            <Text c="dimmed" visibleFrom="sm" className="truncate" maw={320} pl="sm" style={{ borderLeft: '1px solid #dfe5e2' }}>{session.organisation.name}</Text>
            {session.organisation.sample ? <Chip tone="amber" title={t('frame.sampleBanner')}>{t('frame.sample')}</Chip> : null}
          </Group>
          <Group gap="xs" wrap="nowrap"><LanguageSwitch session={session} /><AccountMenu session={session} /></Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t('frame.menu')}>
        <AppShell.Section grow style={{ overflowY: 'auto' }}><Navigation close={close} /></AppShell.Section>
        {session.stop !== null || session.organisation.role === 'reader' ? null : <AppShell.Section pt="sm"><StopButton size="xs" variant="subtle" fullWidth /></AppShell.Section>}
      </AppShell.Navbar>
      <AppShell.Main><FrozenBanner /><StopBanner /><TestMode />
        <div id="content" ref={main} tabIndex={-1} style={{ outline: 'none' }}><Outlet /></div>
      </AppShell.Main>
    </AppShell>
  );
}

/** Says on every page that nothing reaches a customer. */
function TestMode(): ReactElement | null {
  const { t } = useTranslation();
  const { testAddress } = useSession();
  return testAddress === null ? null : <Alert color="violet" variant="filled" mb="md" p="xs">{t('frame.testMode', { address: testAddress })}</Alert>;
}

/** A page without menu: sign-in and welcome. */
export function BarePage({ session, children }: { readonly session: SessionView | null; readonly children: ReactElement }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const leave = async (): Promise<void> => {
    await change('DELETE', '/api/session');
    client.clear();
    globalThis.location.assign('/sign-in');
  };
  return (
    <>
      <a className="skip-link" href="#content">{t('frame.skip')}</a>
      <Group component="header" justify="space-between" px="md" h={60} bg="white" style={{ borderBottom: '1px solid #e3e8e6' }}>
        <Brand />
        <Group gap="xs"><LanguageSwitch session={session} />{session === null ? null : <Button variant="subtle" size="xs" onClick={() => void leave()}>{t('frame.signOut')}</Button>}</Group>
      </Group>
      <main id="content" tabIndex={-1} style={{ outline: 'none', padding: '40px 16px' }}>{children}</main>
    </>
  );
}
