-- reads: T
begin
    let i int := 0;
    while (i < 3) loop
        i := i + 1;
        for j in 1 to 3 loop
            let n := (select count(*) from t);
        end loop;
    end loop;
end
