-- CASE as a statement, and CASE as an expression beside it.
-- reads: SRC
-- inserts: T_SMALL, T_LARGE, T_OTHER
begin
    let size := (select case when count(*) > 100 then 'L' else 'S' end from src);
    case (size)
        when 'S' then
            insert into t_small select * from src;
        when 'L' then
            insert into t_large select * from src;
        else
            insert into t_other values (case when true then 1 else 2 end);
    end case;
end;
