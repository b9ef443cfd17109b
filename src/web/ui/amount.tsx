import { Text } from '@mantine/core';
import type { TextProps } from '@mantine/core';
import type { ReactElement } from 'react';
import { useLanguage } from '../language/language.ts';
import { formatMoney } from './format.ts';

/** An amount in the language's own writing, digits aligned. */
export function Amount({ amount, currency, ...rest }: { readonly amount: string; readonly currency: string } & TextProps): ReactElement {
  const language = useLanguage();
  return <Text component="span" className="number" {...rest}>{formatMoney(amount, currency, language)}</Text>;
}
