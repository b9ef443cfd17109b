import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ReactElement } from 'react';
import { ACTION_VIEWS } from '#core/api/actions.ts';
import type { ActionStateView } from '#core/api/actions.ts';
import { CUSTOMER_FILTERS } from '#core/api/customers.ts';
import type { CustomerFilter } from '#core/api/customers.ts';
import { Gate } from './gate.tsx';
import { OverviewScreen } from './screens/overview/overview-screen.tsx';
import { EmptyState } from './ui/states.tsx';
import { Crash } from './ui/crash.tsx';
import { ButtonTo } from './ui/links.tsx';

function NotFound(): ReactElement {
  const { t } = useTranslation();
  return (
    <EmptyState icon="search" title={t('frame.notFoundTitle')} text={t('frame.notFoundText')}>
      <ButtonTo to="/">{t('frame.home')}</ButtonTo>
    </EmptyState>
  );
}

const oneOf = <Value extends string>(values: readonly Value[], given: unknown): Value | undefined => values.find((value) => value === given);

const root = createRootRoute({ component: Gate, notFoundComponent: NotFound, errorComponent: Crash });

const overview = createRoute({ getParentRoute: () => root, path: '/', component: OverviewScreen });
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: OverviewScreen });
const customers = createRoute({
  getParentRoute: () => root, path: '/customers',
  validateSearch: (search: Record<string, unknown>): { filter?: CustomerFilter } => {
    const filter = oneOf(CUSTOMER_FILTERS, search['filter']);
    return filter === undefined ? {} : { filter };
  },
  component: lazyRouteComponent(() => import('./screens/customers/customers-screen.tsx'), 'CustomersScreen'),
});
const customer = createRoute({
  getParentRoute: () => root, path: '/customers/$id', component: lazyRouteComponent(() => import('./screens/customer/customer-screen.tsx'), 'CustomerScreen'),
});
const actions = createRoute({
  getParentRoute: () => root, path: '/actions',
  validateSearch: (search: Record<string, unknown>): { tab?: ActionStateView } => {
    const tab = oneOf(ACTION_VIEWS, search['tab']);
    return tab === undefined ? {} : { tab };
  },
  component: lazyRouteComponent(() => import('./screens/actions/actions-screen.tsx'), 'ActionsScreen'),
});
const imports = createRoute({ getParentRoute: () => root, path: '/import', component: lazyRouteComponent(() => import('./screens/import/import-screen.tsx'), 'ImportScreen') });
const review = createRoute({ getParentRoute: () => root, path: '/review', component: lazyRouteComponent(() => import('./screens/import/review-screen.tsx'), 'ReviewScreen') });

/** Sections of the settings. */
export const SETTINGS_TABS = ['company', 'dunning', 'account', 'checks'] as const;
const settings = createRoute({
  getParentRoute: () => root, path: '/settings',
  validateSearch: (search: Record<string, unknown>): { tab?: (typeof SETTINGS_TABS)[number] } => {
    const tab = oneOf(SETTINGS_TABS, search['tab']);
    return tab === undefined ? {} : { tab };
  },
  component: lazyRouteComponent(() => import('./screens/settings/settings-screen.tsx'), 'SettingsScreen'),
});

/** Every page of the app. */
export const router = createRouter({ routeTree: root.addChildren([overview, signIn, customers, customer, actions, imports, review, settings]), defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
