-- OPEN with a bind, FETCH, CLOSE.
-- reads: ITEMS
-- inserts: ITEM_LOG
declare
    id integer default 0;
    c2 cursor for select id from items where price > ? and price < ?;
begin
    open c2 using (10, 20);
    fetch c2 into id;
    insert into item_log select :id;
    close c2;
    return id;
end;
