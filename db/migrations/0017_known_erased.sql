-- A message that was erased has no bytes to compare any more: its number, fence and intent say that it is the one.
create or replace function known_sends(refs text[], codes text[], actions bigint[], fences int[], keys text[], hashes text[])
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
        where n.code = one.code and s.journal_ref is null and (n.action_key is null or a.action_key = n.action_key and (m.erased_at is not null or encode(coalesce(m.mime_sha256, m.pdf_sha256), 'hex') = n.sha256))
        union all
        select n.ref, s.outcome from unnest(refs, codes) as n(ref, code)
        join send_attempt s on s.organisation_id = one.organisation_id and s.journal_ref = n.ref where n.code = one.code
        union all
        select n.ref, e.outcome from unnest(refs, codes) as n(ref, code)
        join sent_elsewhere e on e.organisation_id = one.organisation_id and e.journal_ref = n.ref where n.code = one.code;
    end loop;
  end $$;

-- A backup that was taken while the installation was frozen: the freeze it holds ends with the restore, which has one of its own.
alter table installation_freeze drop constraint installation_freeze_ended_how_check, add constraint installation_freeze_ended_how_check check (ended_how in ('applied', 'adopted', 'restored'));

-- Webhooks stop when a database went back, whoever answers for what.
alter table webhook drop constraint webhook_state_because_check;
update webhook set state_because = 'restored' where state_because = 'adopted';
alter table webhook add constraint webhook_state_because_check check (state_because in ('person', 'gone', 'failing', 'unsure', 'restored'));
