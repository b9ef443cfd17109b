import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import type { ReactElement } from 'react';

/** One bar: a bucket with its amount as a number, for drawing only. */
export type Bar = { readonly bucket: string; readonly due: number; readonly late: number };

/** Bars of the aged balance, what is not due in a calm colour. Loaded apart: the drawing library is as large as the rest. */
export default function AgedChart({ bars, format, label, names }: { readonly bars: readonly Bar[]; readonly format: (value: number) => string; readonly label: string; readonly names: { readonly due: string; readonly late: string } }): ReactElement {
  return (
    <figure style={{ margin: 0 }}>
      <figcaption className="visually-hidden">{label}</figcaption>
      <BarChart
        h={260} data={bars.map((bar) => ({ ...bar }))} dataKey="bucket" type="stacked" gridAxis="x" tickLine="none" valueFormatter={format} withTooltip maxBarWidth={72} barProps={{ radius: [6, 6, 0, 0], isAnimationActive: false }}
        series={[{ name: 'due', label: names.due, color: '#8dbfae' }, { name: 'late', label: names.late, color: '#c2541b' }]} yAxisProps={{ width: 78 }} xAxisProps={{ interval: 0, tick: { fontSize: 11 } }} textColor="#55606b"
      />
    </figure>
  );
}
