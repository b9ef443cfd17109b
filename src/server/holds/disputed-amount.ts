import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/**
 * What is in dispute of alias `h` on its item, alias `i` (null without one), in minor units: while it goes on never more than what is still
 * open, once it is over the part it was about.
 */
export const disputedAmount = (t: Tenant): SqlPiece => t.sql`
  case when h.ended_on is null then greatest(least(coalesce(h.amount, i.amount), i.amount - i.allocated), 0) else least(coalesce(h.amount, i.amount), i.amount) end`;
