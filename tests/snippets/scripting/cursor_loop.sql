-- A cursor over one table, rows written to another.
-- reads: BILLING.INVOICES
-- inserts: BILLING.REMINDERS
declare
    total number(12, 2) default 0;
    c1 cursor for select id, amount from billing.invoices where due < current_date();
begin
    for invoice in c1 do
        total := total + invoice.amount;
        let invoice_id := invoice.id;
        insert into billing.reminders (invoice_id, at) values (:invoice_id, current_timestamp());
    end for;
    return total;
end;
