-- What the screens of holds, tasks and sending let a person say: the court of insolvency proceedings, how a task ended, why everything was stopped.

alter table hold add column court text check (length(court) between 1 and 200);
alter table hold add constraint hold_court_of_insolvency check (court is null or kind = 'insolvency');
-- What a person says of a task that is done or not: personal data may be in it, so that no event holds it.
alter table action add column task_note text check (length(task_note) between 1 and 2000);
-- Why, since when and by whom all dunning is stopped: {"reason", "at", "by"}; the switch itself is in `dunning`.
alter table profile add column stop jsonb;
