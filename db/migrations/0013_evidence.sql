-- What events say of a message without saying it: commitments under a salt of its own, which is erased with what it covers.

alter table message
  add column salt bytea default uuid_send(gen_random_uuid()) check (length(salt) = 16),
  -- The wording it was made from: "reminder1 fr 3"; null for messages older than this column.
  add column template text check (length(template) between 1 and 120);
alter table message alter column salt drop default;

-- Where the chain stood at the end of a day, a line each as it is exported to a file of the data folder: whoever kept a copy of it sees that the
-- chain was rewritten or cut off since. No personal data is in it.
create table head_line (
  organisation_id bigint not null references organisation,
  seq bigint not null check (seq > 0),
  line text not null check (length(line) between 1 and 2000),
  primary key (organisation_id, seq)
);
create trigger head_line_is_final before update or delete on head_line for each row execute function refuse_change();
create trigger head_line_is_kept before truncate on head_line execute function refuse_change();
alter table head_line enable row level security;
alter table head_line force row level security;
create policy own_organisation on head_line using (organisation_id = (select current_organisation()))
  with check (organisation_id = (select current_organisation()));
grant select, insert on head_line to acquit_app;

-- ── Erasure: values go, with their salts; what events commit to stays (docs/decisions/0019-erasure.md) ──────────────

-- Addresses of erased contacts are known again by a hash under this key, so that no import brings them back.
alter table installation add column suppression_key bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());

alter table contact
  add column erased_at timestamptz,
  -- Why, in the words of who did it; no event holds it.
  add column erased_because text check (length(erased_because) between 1 and 200),
  add constraint contact_erased check (erased_at is null or (name is null and email is null and phone is null and removed_at is not null));

create table erased_address (
  organisation_id bigint not null references organisation,
  key bytea not null check (length(key) = 32),
  erased_at timestamptz not null,
  primary key (organisation_id, key)
);
create trigger erased_address_is_final before update or delete on erased_address for each row execute function refuse_change();
alter table erased_address enable row level security;
alter table erased_address force row level security;
create policy own_organisation on erased_address using (organisation_id = (select current_organisation()))
  with check (organisation_id = (select current_organisation()));
grant select, insert on erased_address to acquit_app;

-- The key of an address or a telephone number: letters in lower case, of a number its digits alone.
create function address_key(kind text, value text) returns bytea
  language sql stable set search_path = pg_catalog, public, pg_temp
  as $$ select sha256(i.suppression_key || convert_to(kind || ':' || case kind when 'phone' then regexp_replace(value, '[^0-9]', '', 'g') else lower(value) end, 'UTF8')) from installation i $$;
revoke all on function address_key(text, text) from public;
grant execute on function address_key(text, text) to acquit_app;

alter table message
  add column erased_at timestamptz,
  drop constraint message_has_bytes,
  add constraint message_whole_or_erased check (
    case when erased_at is null then (mime is not null or pdf is not null) and salt is not null
    else recipient = '' and subject = '' and body = '' and mime is null and mime_sha256 is null and pdf is null and pdf_sha256 is null and model = '{}'::jsonb and salt is null end);

-- A message is final, but for one change: everything it says goes at once, and nothing of it comes back.
create function message_changes() returns trigger
  language plpgsql
  as $$
  begin
    if tg_op = 'UPDATE' and old.erased_at is null and new.erased_at is not null
      and (new.organisation_id, new.action_id, new.channel, new.header_id, new.template, new.composed_at) is not distinct from
        (old.organisation_id, old.action_id, old.channel, old.header_id, old.template, old.composed_at) then return new; end if;
    raise exception 'a message is only ever added, or erased whole' using errcode = 'integrity_constraint_violation';
  end $$;
drop trigger message_is_final on message;
create trigger message_is_final before update or delete on message for each row execute function message_changes();

-- What people wrote may be changed only where it names somebody who is erased.
create function comment_changes() returns trigger
  language plpgsql
  as $$
  begin
    if tg_op = 'UPDATE' and to_jsonb(new) - 'body' = to_jsonb(old) - 'body' and new.body like '%[effacé]%' then return new; end if;
    raise exception 'a comment is only ever added' using errcode = 'integrity_constraint_violation';
  end $$;
drop trigger hold_comment_is_final on hold_comment;
create trigger hold_comment_is_final before update or delete on hold_comment for each row execute function comment_changes();
revoke update on hold_comment from acquit_app;

-- The only ways to change these rows: they erase, in the organisation of the transaction, and do nothing else.
create function erase_messages(actions bigint[], at timestamptz) returns setof bigint
  language sql security definer set search_path = pg_catalog, public, pg_temp
  as $$
    update message m set erased_at = at, recipient = '', subject = '', body = '', mime = null, mime_sha256 = null, pdf = null, pdf_sha256 = null, model = '{}', salt = null
    where m.organisation_id = current_organisation() and m.action_id = any(actions) and m.erased_at is null returning m.action_id $$;
-- `pattern` is of words, every special sign in it escaped; letters match in either case.
create function erase_words(pattern text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  as $$
  declare
    comments bigint;
    problems bigint;
  begin
    update hold_comment c set body = left(regexp_replace(c.body, pattern, '[effacé]', 'gi'), 4000) where c.organisation_id = current_organisation() and c.body ~* pattern;
    get diagnostics comments = row_count;
    update import_problem p set message_fr = regexp_replace(p.message_fr, pattern, '[effacé]', 'gi'), message_en = regexp_replace(p.message_en, pattern, '[effacé]', 'gi')
    where p.organisation_id = current_organisation() and (p.message_fr ~* pattern or p.message_en ~* pattern);
    get diagnostics problems = row_count;
    return comments + problems;
  end $$;
revoke all on function erase_messages(bigint[], timestamptz) from public;
revoke all on function erase_words(text) from public;
grant execute on function erase_messages(bigint[], timestamptz), erase_words(text) to acquit_app;
