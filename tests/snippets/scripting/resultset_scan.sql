-- What a query gave is read once more by its id.
-- reads: ORDERS
-- inserts: ORDER_COUNTS
begin
    let rs resultset := (select region, count(*) as n from orders group by region);
    let id varchar := sqlid;
    insert into order_counts select * from table(result_scan(:id));
    let again cursor for rs;
    for r in again do
        let n := r.n;
    end for;
end;
