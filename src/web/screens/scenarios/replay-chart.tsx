import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import type { ReactElement } from 'react';

/** A month with what would have gone out and what did. */
export type MonthBar = { readonly month: string; readonly replayed: number; readonly done: number };

/** Messages a month, side by side. Loaded apart: the drawing library is as large as the rest. */
export default function ReplayChart({ bars, label, names }: { readonly bars: readonly MonthBar[]; readonly label: string; readonly names: { readonly replayed: string; readonly done: string } }): ReactElement {
  return (
    <figure style={{ margin: 0 }}>
      <figcaption className="visually-hidden">{label}</figcaption>
      <BarChart
        h={240} data={bars.map((bar) => ({ ...bar }))} dataKey="month" gridAxis="x" tickLine="none" withTooltip withLegend maxBarWidth={36} barProps={{ radius: [4, 4, 0, 0], isAnimationActive: false }}
        series={[{ name: 'replayed', label: names.replayed, color: '#0b6b4f' }, { name: 'done', label: names.done, color: '#9aa8a2' }]} xAxisProps={{ interval: 'equidistantPreserveStart', tick: { fontSize: 11 } }} yAxisProps={{ width: 44 }} textColor="#55606b"
      />
    </figure>
  );
}
