-- E-mails are claimed in chunks; what a dead worker leaves is told apart by its attempts (docs/decisions/0012-sending-in-chunks.md).

-- Null only between the claim and the durable note that goes before the first byte: such a message has provably not left.
-- The default makes whoever does not know the column, a worker of the version before during an upgrade, count as started.
alter table send_attempt add column started_at timestamptz default now();
-- The business day an accepted message counts as sent, should its worker die before the action says so.
alter table send_attempt add column sent_on date;

-- Attempts of the version before were started when they were claimed; the policy would hide them from an owner that is no superuser.
alter table send_attempt no force row level security;
update send_attempt set started_at = claimed_at;
alter table send_attempt force row level security;

-- `released`: the worker died before it started; the action went back to approved.
alter table send_attempt drop constraint send_attempt_outcome_check;
alter table send_attempt add constraint send_attempt_outcome_check check (outcome in ('accepted', 'refused', 'unknown', 'released'));
alter table send_attempt add constraint attempt_not_started_is_released check (outcome is null or (started_at is null) = (outcome = 'released'));

-- Each attempt is updated twice and no index moves with it: room on its page keeps both in place.
alter table send_attempt set (fillfactor = 60);

-- Notes attempts that are about to start (no outcome) and attempts that ended, and gives the actions whose attempt was still
-- open. One call is one transaction on one organisation: it is made for every few messages, and each round trip would count.
create function note_attempts(of_organisation bigint, actions bigint[], fences int[], outcomes text[], responses text[], noted_at timestamptz, noted_on date)
  returns setof bigint
  language plpgsql
  as $$
  begin
    perform set_config('acquit.organisation_id', of_organisation::text, true);
    return query
      update send_attempt s set started_at = coalesce(s.started_at, now()), outcome = n.outcome, response = n.response,
        finished_at = case when n.outcome is null then null else noted_at end, sent_on = case when n.outcome = 'accepted' then noted_on end
      from unnest(actions, fences, outcomes, responses) as n(action_id, fence, outcome, response)
      where s.organisation_id = of_organisation and s.action_id = n.action_id and s.fence = n.fence
        and s.outcome is null and (s.started_at is null) = (n.outcome is null)
      returning s.action_id;
  end $$;
revoke all on function note_attempts(bigint, bigint[], int[], text[], text[], timestamptz, date) from public;
grant execute on function note_attempts(bigint, bigint[], int[], text[], text[], timestamptz, date) to acquit_app;
