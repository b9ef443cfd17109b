-- A try of the call ended with nobody knowing whether it arrived: it is repeated only while the receiver is known to remember its id.
alter table webhook_call add column may_have_arrived boolean not null default false;

-- A secret that was lost at once is changed again within the day: every one of that day signs until its end.
alter table webhook drop constraint webhook_former_whole, add column former_secrets bytea[] not null default '{}';
update webhook set former_secrets = array[former_secret] where former_secret is not null;
alter table webhook drop column former_secret, add constraint webhook_former_whole check ((cardinality(former_secrets) = 0) = (former_until is null));

-- A database that somebody took over without proof tells nobody anything until a person says so.
alter table webhook drop constraint webhook_state_because_check, add constraint webhook_state_because_check check (state_because in ('person', 'gone', 'failing', 'unsure', 'adopted'));
