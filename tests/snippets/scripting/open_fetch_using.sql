-- OPEN ... USING binds the cursor's question marks.
-- reads: ORDERS
-- inserts: PICKED
declare
    c cursor for select id, amount from orders where amount between ? and ?;
    id int; amount number;
begin
    open c using (10, 20);
    fetch c into id, amount;
    insert into picked values (:id, :amount);
    close c;
end;
