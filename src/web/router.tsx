import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ReactElement } from 'react';
import { ACTION_VIEWS } from '#core/api/actions.ts';
import type { ActionStateView } from '#core/api/actions.ts';
import { CUSTOMER_FILTERS } from '#core/api/customers.ts';
import type { CustomerFilter } from '#core/api/customers.ts';
import { Gate } from './gate.tsx';
import { EDITOR_TABS } from './screens/scenarios/editor-tabs.ts';
import type { EditorTab } from './screens/scenarios/editor-tabs.ts';
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

/** Lists of lettrage. */
export const MATCHING_TABS = ['open', 'placed', 'dismissed'] as const;

/** Keys of lines as links carry them. */
const LINE_KEY = /^(?:line|credit)-\d{1,19}$/;

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
const matching = createRoute({
  getParentRoute: () => root, path: '/matching',
  validateSearch: (search: Record<string, unknown>): { tab?: (typeof MATCHING_TABS)[number]; line?: string } => {
    const tab = oneOf(MATCHING_TABS, search['tab']);
    const line = typeof search['line'] === 'string' && LINE_KEY.test(search['line']) ? search['line'] : undefined;
    return { ...(tab === undefined ? {} : { tab }), ...(line === undefined ? {} : { line }) };
  },
  component: lazyRouteComponent(() => import('./screens/matching/matching-screen.tsx'), 'MatchingScreen'),
});
const actions = createRoute({
  getParentRoute: () => root, path: '/actions',
  validateSearch: (search: Record<string, unknown>): { tab?: ActionStateView } => {
    const tab = oneOf(ACTION_VIEWS, search['tab']);
    return tab === undefined ? {} : { tab };
  },
  component: lazyRouteComponent(() => import('./screens/actions/actions-screen.tsx'), 'ActionsScreen'),
});
/** Sections of the scenarios. */
export const SCENARIO_TABS = ['list', 'templates', 'rules', 'segments', 'dryRun'] as const;
const scenarios = createRoute({
  getParentRoute: () => root, path: '/scenarios',
  validateSearch: (search: Record<string, unknown>): { tab?: (typeof SCENARIO_TABS)[number] } => {
    const tab = oneOf(SCENARIO_TABS, search['tab']);
    return tab === undefined ? {} : { tab };
  },
  component: lazyRouteComponent(() => import('./screens/scenarios/scenarios-screen.tsx'), 'ScenariosScreen'),
});
const scenario = createRoute({
  getParentRoute: () => root, path: '/scenarios/$code',
  validateSearch: (search: Record<string, unknown>): { tab?: EditorTab } => {
    const tab = oneOf(EDITOR_TABS, search['tab']);
    return tab === undefined ? {} : { tab };
  },
  component: lazyRouteComponent(() => import('./screens/scenarios/editor-screen.tsx'), 'EditorScreen'),
});
const template = createRoute({ getParentRoute: () => root, path: '/templates/$code', component: lazyRouteComponent(() => import('./screens/templates/template-screen.tsx'), 'TemplateScreen') });
/** Ids of holds as links carry them. */
const HOLD_ID = /^\d{1,19}$/;
const holdSearch = (search: Record<string, unknown>): { id?: string } => {
  // The address bar holds digits, which the router reads as a number.
  const id = typeof search['id'] === 'number' ? String(search['id']) : search['id'];
  return typeof id === 'string' && HOLD_ID.test(id) ? { id } : {};
};
const disputes = createRoute({ getParentRoute: () => root, path: '/disputes', validateSearch: holdSearch, component: lazyRouteComponent(() => import('./screens/disputes/disputes-screen.tsx'), 'DisputesScreen') });
const promises = createRoute({ getParentRoute: () => root, path: '/promises', validateSearch: holdSearch, component: lazyRouteComponent(() => import('./screens/promises/promises-screen.tsx'), 'PromisesScreen') });
const imports = createRoute({ getParentRoute: () => root, path: '/import', component: lazyRouteComponent(() => import('./screens/import/import-screen.tsx'), 'ImportScreen') });
const review = createRoute({ getParentRoute: () => root, path: '/review', component: lazyRouteComponent(() => import('./screens/import/review-screen.tsx'), 'ReviewScreen') });

/** Sections of the settings. */
export const SETTINGS_TABS = ['company', 'dunning', 'sending', 'journal', 'webhooks', 'matching', 'account', 'checks'] as const;
const settings = createRoute({
  getParentRoute: () => root, path: '/settings',
  validateSearch: (search: Record<string, unknown>): { tab?: (typeof SETTINGS_TABS)[number] } => {
    const tab = oneOf(SETTINGS_TABS, search['tab']);
    return tab === undefined ? {} : { tab };
  },
  component: lazyRouteComponent(() => import('./screens/settings/settings-screen.tsx'), 'SettingsScreen'),
});

/** Every page of the app. */
export const router = createRouter({ routeTree: root.addChildren([overview, signIn, customers, customer, matching, actions, disputes, promises, scenarios, scenario, template, imports, review, settings]), defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
