-- reads: QUEUE
-- inserts: QUEUE, DONE
declare
    n int default (select count(*) from queue);
begin
    while (n > 0) do
        delete from queue where id = (select min(id) from queue);
        n := n - 1;
    end while;
    repeat
        n := n + 1;
        insert into done select :n;
    until (n >= 10) end repeat;
    loop
        n := n - 1;
        if (n < 0) then break; end if;
        continue;
    end loop;
end;
