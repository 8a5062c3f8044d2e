-- A procedure inside of a block.
-- reads: A
-- inserts: B
with add_up as procedure (factor int)
    returns int
    language sql
as $$
begin
    let n := (select sum(v) * :factor from a);
    insert into b values (:n);
    return n;
end
$$
call add_up(2);
