-- What left is written down outside the database too, in the send journal; here is what makes the two comparable (docs/decisions/0016-send-journal.md).

alter table installation
  -- The server and database the journal was opened on, {"system", "timeline", "database"}; null: nothing was ever sent with a journal.
  add column journal_server jsonb,
  -- Up to here the journal was known to this database; the journal holds the mark too.
  add column journal_mark uuid;
grant update (journal_server, journal_mark) on installation to acquit_app;

-- Each time that nothing may leave, by whom, and how it ended. It stands above organisations: the journal is that of the installation.
create table installation_freeze (
  freeze_id bigint generated always as identity primary key,
  because text not null check (because in ('restored', 'copied', 'failedOver', 'journalAhead', 'journalMissing', 'journalCopied', 'person')),
  frozen_at timestamptz not null,
  frozen_by text not null,
  -- A person's words; personal data may be in them, so that no event holds them.
  reason text check (length(reason) between 1 and 500),
  ended_at timestamptz,
  ended_by text,
  -- `applied`: what the journal knew was written here; `adopted`: somebody answers for a database without its journal.
  ended_how text check (ended_how in ('applied', 'adopted')),
  ended_reason text check (length(ended_reason) between 1 and 500),
  constraint freeze_ended_whole check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_how is null) and (ended_at is null) = (ended_reason is null))
);
create unique index installation_freeze_one_open on installation_freeze ((true)) where ended_at is null;
grant select, insert, update on installation_freeze to acquit_app;

-- An attempt that is known from the journal alone: which line of it, and, when its bytes are not in this database, their hash.
alter table send_attempt
  add column journal_ref text check (length(journal_ref) between 1 and 200),
  add column journal_sha256 bytea check (length(journal_sha256) = 32),
  add constraint attempt_of_journal check (journal_sha256 is null or journal_ref is not null);
create unique index send_attempt_of_journal on send_attempt (organisation_id, journal_ref) where journal_ref is not null;

-- What left according to the journal, of which the customer or some items are not in this database (yet): looked at again at every run.
create table sent_elsewhere (
  organisation_id bigint not null references organisation,
  sent_elsewhere_id bigint generated always as identity,
  journal_ref text not null check (length(journal_ref) between 1 and 200),
  outcome text not null check (outcome in ('accepted', 'unknown')),
  -- As the journal has it: no address, no name.
  send jsonb not null,
  -- The action that stands for it, with the items that were found.
  action_id bigint,
  noted_at timestamptz not null,
  -- Nothing of it is missing any more.
  placed_at timestamptz,
  primary key (organisation_id, sent_elsewhere_id),
  foreign key (organisation_id, action_id) references action
);
create unique index sent_elsewhere_once on sent_elsewhere (organisation_id, journal_ref);
create index sent_elsewhere_waiting on sent_elsewhere (organisation_id) where placed_at is null;
alter table sent_elsewhere enable row level security;
alter table sent_elsewhere force row level security;
create policy own_organisation on sent_elsewhere using (organisation_id = (select current_organisation()))
  with check (organisation_id = (select current_organisation()));
grant select, insert, update on sent_elsewhere to acquit_app;

-- Which server and database this is. A hosted server may keep the control file to itself: what cannot be read is "unknown".
create function server_identity() returns jsonb
  language plpgsql
  as $$
  declare
    system text := 'unknown';
    timeline text := 'unknown';
  begin
    begin
      select c.system_identifier::text into system from pg_control_system() c;
    exception when insufficient_privilege or feature_not_supported then system := 'unknown';
    end;
    begin
      timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
    exception when insufficient_privilege or feature_not_supported or object_not_in_prerequisite_state then timeline := 'unknown';
    end;
    return jsonb_build_object('system', system, 'timeline', timeline, 'database', (select d.oid::text from pg_database d where d.datname = current_database()));
  end $$;

-- What this database knows of sends of the journal: each is looked for by its number, its intent and its bytes, since numbers may stand for something else after a
-- restore. One call for all organisations. A hand-off that never started is unknown, unless it was released: its journal could not be written whole.
create function known_sends(refs text[], codes text[], actions bigint[], fences int[], keys text[], hashes text[])
  returns table (ref text, outcome text)
  language plpgsql
  as $$
  declare
    one record;
  begin
    for one in select o.organisation_id, o.code from organisation o where o.code = any(codes) loop
      perform set_config('acquit.organisation_id', one.organisation_id::text, true);
      return query
        select n.ref, s.outcome from unnest(refs, codes, actions, fences, keys, hashes) as n(ref, code, action_id, fence, action_key, sha256)
        join send_attempt s on s.organisation_id = one.organisation_id and s.action_id = n.action_id and s.fence = n.fence and (s.started_at is not null or s.outcome = 'released')
        join action a on a.organisation_id = one.organisation_id and a.action_id = s.action_id
        left join message m on m.organisation_id = one.organisation_id and m.action_id = s.action_id
        where n.code = one.code and s.journal_ref is null and (n.action_key is null or a.action_key = n.action_key and encode(coalesce(m.mime_sha256, m.pdf_sha256), 'hex') = n.sha256)
        union all
        select n.ref, s.outcome from unnest(refs, codes) as n(ref, code)
        join send_attempt s on s.organisation_id = one.organisation_id and s.journal_ref = n.ref where n.code = one.code
        union all
        select n.ref, e.outcome from unnest(refs, codes) as n(ref, code)
        join sent_elsewhere e on e.organisation_id = one.organisation_id and e.journal_ref = n.ref where n.code = one.code;
    end loop;
  end $$;

-- Numbers of actions are part of Message-IDs: what the journal has seen is never handed out again. Only ever forward.
create function skip_action_numbers(up_to bigint) returns void
  language plpgsql
  security definer
  set search_path to pg_catalog, public, pg_temp
  as $$
  declare
    numbers regclass := pg_get_serial_sequence('public.action', 'action_id')::regclass;
    reached bigint;
  begin
    select last_value into reached from pg_sequences where schemaname = 'public' and sequencename = 'action_action_id_seq';
    if up_to > coalesce(reached, 0) then perform setval(numbers, up_to); end if;
  end $$;

revoke all on function server_identity(), known_sends(text[], text[], bigint[], int[], text[], text[]), skip_action_numbers(bigint) from public;
grant execute on function server_identity(), known_sends(text[], text[], bigint[], int[], text[], text[]), skip_action_numbers(bigint) to acquit_app;
