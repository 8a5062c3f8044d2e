-- reads: FLAGS, T1, T2
-- inserts: OUT1, OUT2
begin
    case (select max(kind) from flags)
        when 'a' then insert into out1 select * from t1;
        when 'b' then insert into out2 select * from t2;
        else return 'none';
    end case;
    case
        when (select true from flags limit 1) then insert into out1 values (1);
    end;
end;
