-- Lettrage by people: one gesture over several customers, what is let go without money, notes, and what was refused of one line.

-- The first match of the gesture that this one belongs to, undone with it; null for that first one itself.
alter table match add column gesture_id bigint;
alter table match add column note text check (length(note) <= 1000);
alter table match add foreign key (organisation_id, gesture_id) references match;
-- The import of a ledger that letters otherwise what had gone by itself: the ledger prevails until that import is undone.
alter table match add column overruled_by bigint;
alter table match add foreign key (organisation_id, overruled_by) references import;
create index match_overruled on match (organisation_id, overruled_by) where overruled_by is not null;
create index match_of_gesture on match (organisation_id, gesture_id) where gesture_id is not null;

alter table bank_line add column dismissed_note text check (length(dismissed_note) <= 1000);
-- Customers that a person said this very line is not of, whatever its text names.
alter table bank_line add column refused_customers bigint[] not null default '{}';
create index bank_line_dismissed_at on bank_line (organisation_id, dismissed_at, bank_line_id) where dismissed_at is not null and voided_at is null;

-- Credits that stand loose on an account, in the order in which they are looked at.
create index item_loose_credit on item (organisation_id, issued_on, item_id) where side = 'credit' and allocated < amount and voided_at is null;
