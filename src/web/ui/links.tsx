import { Anchor, Button } from '@mantine/core';
import type { AnchorProps, ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ReactElement, ReactNode, Ref } from 'react';

type Linked = { readonly ref?: Ref<HTMLAnchorElement>; readonly children?: ReactNode; readonly 'aria-label'?: string };

function PlainAnchor(props: Omit<AnchorProps, 'href'> & Linked): ReactElement {
  return <Anchor {...props} />;
}

function PlainButton(props: Omit<ButtonProps, 'href'> & Linked): ReactElement {
  return <Button component="a" {...props} />;
}

/** A link to a page of the app; the address and its parameters are checked by the compiler. */
export const LinkTo = createLink(PlainAnchor);

/** The same that looks like a button. */
export const ButtonTo = createLink(PlainButton);
