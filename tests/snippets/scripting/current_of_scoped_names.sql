-- A variable called like a table is a variable only behind a colon.
-- reads: ORDERS
-- inserts: TOTALS
begin
    let orders int := (select count(*) from orders);
    let totals := :orders + 1;
    insert into totals values (:totals);
end;
