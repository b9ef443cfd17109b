-- A database that may not know all that was sent (restored, copied, failed over) sends nothing until somebody reconciles it with the send journal.
-- The epoch is the life of this database that a journal outside it belongs to; it changes with every restore.
alter table installation
  add column epoch uuid not null default gen_random_uuid(),
  add column frozen_at timestamptz,
  add column frozen_because text check (frozen_because in ('restored', 'copied', 'failedOver', 'journalAhead', 'journalMissing', 'journalCopied', 'person')),
  add constraint installation_frozen check ((frozen_at is null) = (frozen_because is null));
grant update (epoch, frozen_at, frozen_because) on installation to acquit_app;
