import type { ReadyTexts } from './ready-templates.ts';

/** The ready texts in English, for debtors who read it; the law they cite stays the French creditor's. */
export const READY_TEXTS_EN: ReadyTexts = {
  preDue: {
    subject: '{{company.name}} – upcoming payment of {{amount.total}}',
    body: `Dear Sir or Madam,

This is to let you know that the following documents will soon fall due.

{{items.table}}

You will find our bank details below. Please quote the reference shown, so that we can record your payment as soon as it arrives.

{{payment.block}}

If a document is missing or raises a question, please tell us now: we will have time to settle it before the due date.

Thank you for your business.

Kind regards,`,
  },
  preDueGentle: {
    subject: '{{company.name}} – a note about your next due date',
    body: `Hello,

Just a short note to let you know that the following documents fall due soon.

{{items.table}}

If payment is already scheduled, there is nothing for you to do. If not, here is all you need:

{{payment.block}}

Any question, or a document missing? Reply to this message and we will see to it.

With our thanks,`,
  },
  reminder1: {
    subject: 'Reminder – {{amount.total}} due to {{company.name}}',
    body: `Dear Sir or Madam,

According to our records, we have not yet received payment of the following documents, which are now overdue.

{{items.table}}

This is probably an oversight. We would be grateful if you would arrange payment as soon as possible.

{{payment.block}}

If your payment is on its way, please disregard this reminder. If there is a difficulty or a disagreement behind the delay, let us know and we will look for a solution together.

Yours faithfully,`,
  },
  reminder1Gentle: {
    subject: 'A friendly reminder from {{company.name}} – {{items.documents}}',
    body: `Hello,

Looking through your account, we see that the following documents do not seem to have been paid yet.

{{items.table}}

It happens to everyone, and your payment may already be on its way. If it is not, here is all you need:

{{payment.block}}

If there is a problem with a document or a delivery, simply reply to this message.

Many thanks and kind regards,`,
  },
  reminder1Firm: {
    subject: 'Overdue invoices – {{amount.total}} to be paid',
    body: `Dear Sir or Madam,

The following documents are overdue and remain unpaid.

{{items.table}}

Please pay them on receipt of this message.

{{payment.block}}

If you dispute one of these documents, tell us at once which one and why. The others remain payable now.

Yours faithfully,`,
  },
  reminder2: {
    subject: 'Second reminder – {{amount.total}}, overdue by up to {{items.daysLate}}',
    body: `Dear Sir or Madam,

Our previous reminder has gone unanswered. The following documents are still unpaid; the oldest was due on {{items.oldestDueOn}}.

{{items.table}}

Please pay this amount within eight days.

{{payment.block}}

If you cannot pay it all at once, or if a document is in dispute, please contact us: a quick word now saves trouble later.

Yours faithfully,`,
  },
  reminder2Gentle: {
    subject: '{{company.name}} – we have not heard from you about your payment',
    body: `Hello,

We wrote to you recently about the following documents and, unless we are mistaken, have not received payment yet.

{{items.table}}

Could you tell us when you expect to pay them? If something is holding you up, let us talk about it.

{{payment.block}}

We count on you, and thank you for your reply.

Kind regards,`,
  },
  reminder2Firm: {
    subject: 'Payment expected – {{amount.total}}',
    body: `Dear Sir or Madam,

Despite our reminder, you have neither paid the following documents nor contacted us. The oldest has been overdue since {{items.oldestDueOn}}.

{{items.table}}

Please pay this amount within eight days.

{{payment.block}}

Without payment or a reply within that time, your file will move to the next stage of our collection procedure.

Yours faithfully,`,
  },
  reminder3: {
    subject: 'Last reminder before formal notice – {{amount.total}}',
    body: `Dear Sir or Madam,

Despite our reminders, {{amount.total}} is still unpaid on your account, part of it overdue by {{items.daysLate}}.

{{items.table}}

Please pay this amount without delay, or contact us today if something prevents you from doing so.

{{payment.block}}

French law makes late-payment penalties and a fixed indemnity of €40 per invoice for recovery costs payable without reminder. Failing payment, we will send you a formal notice that claims them.

We would rather settle this amicably and remain at your disposal to do so.

Yours faithfully,`,
  },
  reminder3Firm: {
    subject: 'Final reminder before formal notice – {{customer.name}}',
    body: `Dear Sir or Madam,

Our successive reminders have had no effect. You owe us {{amount.total}} to date, as follows.

{{items.table}}

This is our last reminder: we expect payment in full by return.

{{payment.block}}

Failing that, a formal notice will be sent to you. Late-payment penalties and the fixed indemnity of €40 per invoice, payable by law, will then be added to the amount above, and we may suspend our deliveries.

Yours faithfully,`,
  },
  reminder3Consumer: {
    subject: 'Last reminder – {{amount.total}} due to {{company.name}}',
    body: `Dear Sir or Madam,

Despite our reminders, we have still not received payment of the following documents.

{{items.table}}

Please pay this amount as soon as you can.

{{payment.block}}

If you are going through a difficult moment, or if you dispute this amount, contact us: payment by instalments can be considered. If we do not hear from you, we will have to send you a formal notice.

Yours faithfully,`,
  },
  formalNotice: {
    subject: 'FORMAL NOTICE (mise en demeure) to pay {{amount.grandTotal}}',
    body: `Dear Sir or Madam,

Despite our reminders, you have not paid {{company.name}} the following documents, which are overdue to date.

{{items.table}}

To this amount are added, by law, late-payment penalties and the fixed indemnity for recovery costs, computed up to {{date.today}}:

{{charges.detail}}

We therefore give you formal notice (mise en demeure) to pay us {{amount.grandTotal}} by {{date.deadline}} at the latest.

{{payment.block}}

Penalties continue to run until payment in full. Failing full payment within this time, we may bring the matter before the competent court without further notice, to obtain the amount due, the penalties and the costs that the law puts at your charge.

If you have paid in the meantime, please send us proof of payment. This letter is a formal notice within the meaning of article 1344 of the French civil code.

Yours faithfully,`,
  },
  formalNoticeWithoutCharges: {
    subject: 'FORMAL NOTICE (mise en demeure) to pay {{amount.total}}',
    body: `Dear Sir or Madam,

Despite our reminders, you have not paid {{company.name}} the following documents, which are overdue to date.

{{items.table}}

We therefore give you formal notice (mise en demeure) to pay us {{amount.total}} by {{date.deadline}} at the latest.

{{payment.block}}

This request does not waive the late-payment penalties or the fixed indemnity provided by law. Failing full payment within this time, we may claim them and bring the matter before the competent court without further notice.

If you have paid in the meantime, please send us proof of payment. This letter is a formal notice within the meaning of article 1344 of the French civil code.

Yours faithfully,`,
  },
  formalNoticeConsumer: {
    subject: 'FORMAL NOTICE (mise en demeure) to pay {{amount.total}}',
    body: `Dear Sir or Madam,

Despite our reminders, we have not received payment of the following documents.

{{items.table}}

We therefore give you formal notice (mise en demeure) to pay us {{amount.total}} by {{date.deadline}} at the latest.

{{payment.block}}

No fee is claimed for this letter. From its receipt, the amount due bears interest at the legal rate, under article 1231-6 of the French civil code. Failing payment within this time, we may bring the matter before the competent court, after any attempt at amicable settlement the law may require.

If you are in difficulty or if you dispute this amount, write to us before that date: we will look at your situation. If you have paid in the meantime, please disregard this request and send us proof of payment. This letter is a formal notice within the meaning of article 1344 of the French civil code.

Yours faithfully,`,
  },
  thankYou: {
    subject: 'Thank you for your payment – {{company.name}}',
    body: `Dear Sir or Madam,

We have received your payment and thank you for it. The following documents are now settled.

{{items.table}}

There is nothing more for you to do about them. We remain at your disposal for any question and thank you for your business.

Kind regards,`,
  },
};
