import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { must } from '#core/kernel/result.ts';
import { createSmtpChannel } from '#server/channels/smtp.ts';
import type { SmtpChannel } from '#server/channels/smtp.ts';

/** One message as a real mail server received it. */
export type Received = { readonly to: readonly string[]; readonly text: string };

/** A mail server that takes everything and keeps it, and a channel to it. */
export type Mailbox = { readonly received: Received[]; readonly channel: SmtpChannel; close(): Promise<void> };

/** Opens a mailbox on a free port of this machine. */
export async function openMailbox(): Promise<Mailbox> {
  const received: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({ to: session.envelope.rcptTo.map((one) => one.address), text: Buffer.concat(chunks).toString('latin1') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address: string | AddressInfo | null = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the mailbox has no port');
  const channel = must(createSmtpChannel({ host: '127.0.0.1', port: address.port }));
  return {
    received, channel,
    close: async () => {
      await channel.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
