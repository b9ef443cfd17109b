/** Tenths of a percent in a whole. */
const TENTHS = 1000;

/** Share of the lines applied by themselves that nobody took back, in tenths of a percent; rounded down, so that 100 % means every single one. Null before the first. */
export function shareKept({ applied, undone }: { readonly applied: number; readonly undone: number }): number | null {
  return applied === 0 ? null : Math.floor(((applied - undone) * TENTHS) / applied);
}

/** 995 tenths as "99.5", 1000 as "100". */
export const decimalTenths = (tenths: number): string => (tenths % 10 === 0 ? String(tenths / 10) : (tenths / 10).toFixed(1));
