import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

/** Green of a receipt stamp; shade 8 has a contrast of 6.5 with white. */
const pine: MantineColorsTuple = ['#eefaf6', '#d7f2e8', '#ade3d0', '#7ed2b5', '#55c29d', '#3ab38c', '#1f9d77', '#12805f', '#0b6b4f', '#06503b'];

/** Red of what went wrong or cannot be taken back; from shade 6 on it can be read on white. */
const brick: MantineColorsTuple = ['#fff4f2', '#fde7e4', '#f9c9c3', '#f0a399', '#e37a6d', '#cf4a3a', '#b42318', '#9e1c12', '#8f1d12', '#6f140c'];

/** Colours, sizes and habits of every component. */
export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: 8,
  colors: { pine, brick },
  defaultRadius: 'md',
  fontSizes: { md: '0.9375rem' },
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, "Liberation Sans", sans-serif',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.6rem', lineHeight: '1.25' }, h2: { fontSize: '1.15rem', lineHeight: '1.3' }, h3: { fontSize: '1rem', lineHeight: '1.35' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'always',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { centered: true } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
});

/** Secondary texts dark enough to be read by everybody (contrast 4.5 and more on white and on the page's grey). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#55606b', '--mantine-color-placeholder': '#667079', '--mantine-color-body': '#ffffff', '--mantine-color-error': '#b42318' },
  dark: {},
});
