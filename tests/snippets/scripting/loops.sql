-- Every kind of loop.
-- reads: STEPS, LIMITS
-- inserts: L1, L2, L3, L4
declare
    i int default 0;
begin
    for n in reverse 1 to 10 do
        insert into l1 values (:n);
    end for;
    while (i < (select max(v) from limits)) do
        i := i + 1;
        if (i = 3) then continue; end if;
        insert into l2 select :i;
    end while;
    repeat
        i := i - 1;
        insert into l3 select id from steps where id = :i;
    until (i <= 0)
    end repeat;
    loop
        insert into l4 values (1);
        break outermost;
    end loop outermost;
end;
